package org.cardcage.kmod.modules.symbols;

import org.cardcage.kernel.module.Module;
import org.osgi.annotation.bundle.Capability;

/** Offers a symbol to other modules. */
@Module(name = "symbols", description = "a test", license = "Apache-2.0")
@Capability(namespace = "cardcage.symbol", name = "test_device_count")
public final class SymbolsModule {}
