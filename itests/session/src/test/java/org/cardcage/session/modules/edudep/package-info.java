/** A module that needs the EDU driver. */
package org.cardcage.session.modules.edudep;
