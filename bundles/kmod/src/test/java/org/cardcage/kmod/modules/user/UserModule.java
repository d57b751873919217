package org.cardcage.kmod.modules.user;

import org.cardcage.kernel.module.Module;
import org.osgi.annotation.bundle.Requirement;

/** Needs the symbol of another module. */
@Module(name = "user", description = "a test", license = "Apache-2.0")
@Requirement(namespace = "cardcage.symbol", name = "test_device_count")
public final class UserModule {}
