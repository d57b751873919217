/** A driver that stays where it is told to. */
package org.cardcage.itests.stubborn;
