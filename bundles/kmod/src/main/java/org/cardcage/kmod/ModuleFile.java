package org.cardcage.kmod;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.kmod.internal.HeaderClause;
import org.cardcage.kmod.internal.Modalias;
import org.cardcage.kmod.internal.ZipEnd;

/**
 * What a module's file says of itself, as {@code modinfo} shows it. Only the manifest is read, no class is loaded.
 *
 * @param name of the module, with underscores
 * @param description in one line
 * @param license an SPDX expression
 * @param version of the bundle
 * @param parameters by name
 * @param aliases patterns of the devices that it is for, as in {@code modules.alias}
 * @param symbols what it offers to other modules (Linux {@code EXPORT_SYMBOL})
 * @param needs symbols that another module must offer
 */
public record ModuleFile(
        String name,
        String description,
        String license,
        String version,
        List<Parameter> parameters,
        List<String> aliases,
        List<String> symbols,
        List<String> needs) {

    /** Namespace of the capability that stands for a symbol. */
    public static final String SYMBOL_NAMESPACE = "cardcage.symbol";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern SYMBOL_FILTER =
            Pattern.compile("\\(" + SYMBOL_NAMESPACE.replace(".", "\\.") + "=([^)*]+)\\)");

    /**
     * A parameter of the module; see {@link ModuleParameter}.
     *
     * @param name of the parameter
     * @param type int, bool or charp
     * @param value where insmod says nothing
     * @param description in one line
     */
    public record Parameter(String name, String type, String value, String description) {}

    /**
     * Reads a module out of the content of its file.
     *
     * @throws KernelException EINVAL if it is empty, ENOEXEC if it is no module: no or half an archive, no manifest, no or
     *     more than one {@code cardcage.module} capability, a parameter whose first value is none of its type
     */
    public static ModuleFile read(byte[] content) {
        if (content.length == 0) {
            throw new KernelException(Errno.EINVAL, "the file is empty");
        }
        Attributes main = manifest(content).getMainAttributes();
        return of(main::getValue);
    }

    /**
     * Reads a module out of the headers of its manifest.
     *
     * @param headers gives the value of a header, or null
     * @throws KernelException ENOEXEC as {@link #read}
     */
    public static ModuleFile of(UnaryOperator<String> headers) {
        List<HeaderClause> provided = HeaderClause.parse(headers.apply("Provide-Capability"));
        List<HeaderClause> modules = in(Module.NAMESPACE, provided);
        if (modules.size() != 1) {
            throw notAModule("the manifest has " + modules.size() + " " + Module.NAMESPACE + " capabilities, not one");
        }
        Map<String, String> module = modules.get(0).attributes();
        String name = module.getOrDefault(Module.NAMESPACE, "").replace('-', '_');
        if (!NAME.matcher(name).matches()) {
            throw notAModule("'" + name + "' is no module name");
        }
        String version = headers.apply("Bundle-Version");
        ModuleFile file = new ModuleFile(
                name,
                module.getOrDefault("description", ""),
                module.getOrDefault("license", ""),
                version == null ? "0.0.0" : version,
                in(ModuleParameter.NAMESPACE, provided).stream()
                        .map(clause -> parameter(clause.attributes()))
                        .toList(),
                in(Modalias.PCI_NAMESPACE, provided).stream()
                        .map(ModuleFile::alias)
                        .sorted()
                        .toList(),
                in(SYMBOL_NAMESPACE, provided).stream()
                        .map(clause -> clause.attributes().getOrDefault(SYMBOL_NAMESPACE, ""))
                        .toList(),
                in(SYMBOL_NAMESPACE, HeaderClause.parse(headers.apply("Require-Capability"))).stream()
                        .flatMap(clause -> SYMBOL_FILTER
                                .matcher(clause.directives().getOrDefault("filter", ""))
                                .results()
                                .map(match -> match.group(1)))
                        .toList());
        file.checkParameters();
        return file;
    }

    /** The parameters with the values that they have if {@code insmod} says nothing. */
    public ModuleParameters defaults() {
        Map<String, String> types = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        for (Parameter parameter : parameters) {
            types.put(parameter.name(), parameter.type());
            values.put(parameter.name(), parameter.value());
        }
        return ModuleParameters.of(types, values);
    }

    private void checkParameters() {
        try {
            defaults();
        } catch (KernelException e) {
            throw new KernelException(Errno.ENOEXEC, "not a module: " + e.getMessage(), e);
        }
    }

    private static List<HeaderClause> in(String namespace, List<HeaderClause> clauses) {
        return clauses.stream()
                .filter(clause -> clause.name().equals(namespace))
                .toList();
    }

    private static Parameter parameter(Map<String, String> attributes) {
        return new Parameter(
                attributes.getOrDefault(ModuleParameter.NAMESPACE, ""),
                attributes.getOrDefault("type", ""),
                attributes.getOrDefault("value", ""),
                attributes.getOrDefault("description", ""));
    }

    private static String alias(HeaderClause clause) {
        try {
            return Modalias.ofPciId(clause.attributes());
        } catch (NumberFormatException | ArithmeticException e) {
            throw new KernelException(Errno.ENOEXEC, "not a module: its id table has " + clause.attributes(), e);
        }
    }

    private static Manifest manifest(byte[] content) {
        if (!ZipEnd.isWhole(content)) {
            throw notAModule("no archive, or only a part of one (" + content.length + " bytes)");
        }
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equalsIgnoreCase("META-INF/MANIFEST.MF")) {
                    return new Manifest(in);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new KernelException(Errno.ENOEXEC, "not a module: the archive is damaged: " + e.getMessage(), e);
        }
        throw notAModule("the archive has no manifest");
    }

    private static KernelException notAModule(String why) {
        return new KernelException(Errno.ENOEXEC, "not a module: " + why);
    }
}
