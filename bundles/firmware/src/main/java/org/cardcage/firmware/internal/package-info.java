/** How firmware numbers buses and gives out addresses; knows the machine only by configuration cycles. */
package org.cardcage.firmware.internal;
