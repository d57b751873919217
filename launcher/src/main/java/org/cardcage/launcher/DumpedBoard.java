package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.BuilderFactory;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * Makes the configurations of a board out of a dump: passive cards, each in the slot that the bridges of the dump lead to. The
 * addresses are those of the dump, as if firmware had run, or firmware gives new ones.
 */
final class DumpedBoard {
    private static final String BOARD = "org.cardcage.board";
    private static final String CARDS = "org.cardcage.passive.device.dump";
    private static final long USUAL_RAM = 256;
    private static final int ROM_INDEX = 6;

    private final BuilderFactory builders = new FeatureServiceImpl().getBuilderFactory();
    private final String name;
    private final boolean settled;
    private final DumpedBuses buses;
    private final DumpedBars bars;
    private final DumpedAddresses addresses;

    /** @param settled whether the addresses of the dump are kept */
    DumpedBoard(String name, List<DumpedFunction> dump, boolean settled) {
        this.name = name;
        this.settled = settled;
        buses = new DumpedBuses(dump);
        bars = new DumpedBars(buses.slots().keySet());
        addresses = new DumpedAddresses(buses, bars);
    }

    /** What the machine is not like the dump in. */
    List<String> remarks() {
        return buses.remarks();
    }

    Collection<FeatureConfiguration> configurations() {
        List<FeatureConfiguration> all = new ArrayList<>();
        all.add(builders.newConfigurationBuilder(BOARD).addValues(board()).build());
        all.add(builders.newConfigurationBuilder(CARDS)
                .addValue("functions", functions())
                .addValue("settled", settled)
                .build());
        return all;
    }

    private Map<String, Object> board() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", name);
        values.put("chipset", "none");
        values.put("ram", settled ? addresses.ram() : USUAL_RAM);
        values.put("firmware_has_run", settled);
        values.put("root_buses", rootBuses());
        return values;
    }

    /** One text for each: place, sizes of BARs, and rows. */
    private String[] functions() {
        List<String> texts = new ArrayList<>();
        buses.slots().forEach((function, slot) -> {
            StringBuilder text = new StringBuilder(slot);
            bars.sizes(function, buses.bridge(function))
                    .forEach((index, size) -> text.append(' ')
                            .append(index == ROM_INDEX ? "rom" : index)
                            .append('=')
                            .append(size));
            function.rows().forEach(row -> text.append('\n').append(row));
            texts.add(text.toString());
        });
        return texts.toArray(String[]::new);
    }

    private String[] rootBuses() {
        Map<DumpedBuses.Number, StringBuilder> roots = new LinkedHashMap<>();
        buses.roots().forEach(root -> roots.put(root, new StringBuilder(root.toString())));
        if (settled) {
            addresses
                    .routed()
                    .forEach(r -> roots.get(r.root())
                            .append(String.format(
                                    " %s %x-%x",
                                    r.span().ports() ? "port" : "mem",
                                    r.span().first(),
                                    r.span().last())));
        }
        return roots.values().stream().map(StringBuilder::toString).toArray(String[]::new);
    }
}
