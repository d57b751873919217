/** A second driver that stays where it is. */
package org.cardcage.itests.second;
