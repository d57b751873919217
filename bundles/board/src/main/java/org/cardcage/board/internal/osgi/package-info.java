/** The thin edge: a configuration makes a board, card services fill its slots. */
package org.cardcage.board.internal.osgi;
