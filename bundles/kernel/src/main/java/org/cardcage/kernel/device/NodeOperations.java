package org.cardcage.kernel.device;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver does when the node it created is used. The file system defines the calls ({@code
 * org.cardcage.vfs.FileOperations}); the driver core only carries the object from the one to the other, so that a bus
 * knows no file system.
 */
@ConsumerType
public interface NodeOperations {}
