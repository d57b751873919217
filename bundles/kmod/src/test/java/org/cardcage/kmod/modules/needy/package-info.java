/** A module that tests build into a bundle. */
package org.cardcage.kmod.modules.needy;
