/**
 * The EDU card: QEMU's teaching device (docs/specs/edu.rst of QEMU), as measured on its releases. Not exported: the card
 * can be replaced at any time without anybody noticing but its slot.
 */
package org.cardcage.edu.device;
