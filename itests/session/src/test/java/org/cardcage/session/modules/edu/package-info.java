/** The driver that the recordings were made with, as a module. */
package org.cardcage.session.modules.edu;
