/** The EDU device model. */
package org.cardcage.edu.device.internal;
