/** The EDU driver. */
package org.cardcage.edu.driver.internal;
