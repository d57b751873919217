/**
 * The parts of the board. {@link org.cardcage.board.internal.Fabric} is the middle: it holds the functions and routes
 * configuration cycles, memory, ports, messages and interrupt pins between them.
 */
package org.cardcage.board.internal;
