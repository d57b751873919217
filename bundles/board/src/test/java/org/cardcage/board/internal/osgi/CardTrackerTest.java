package org.cardcage.board.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.board.SlotPath;
import org.cardcage.board.TestCard;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

class CardTrackerTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board = Board.builder(scheduler).build();
    private final Lane lane = scheduler.lane("slots");
    private final TestCard model = TestCard.plain();
    private final List<String> registry = new ArrayList<>();
    private final CardTracker tracker = new CardTracker(
            fake(BundleContext.class, (proxy, method, arguments) -> {
                registry.add(method.getName());
                return method.getName().equals("getService") ? model : true;
            }),
            board,
            scheduler,
            lane);

    private static <T> T fake(Class<?> type, InvocationHandler handler) {
        @SuppressWarnings("unchecked")
        T made = (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
        return made;
    }

    private static ServiceReference<DeviceModel> card(Object slot) {
        return fake(ServiceReference.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getProperty" -> slot;
            case "toString" -> "a card";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private int vendor() {
        return board.readConfig(SLOT, 0, 2);
    }

    @Test
    void anArrivalOnlyPostsAndTheLanePlugs() {
        board.powerOn();

        tracker.addingService(card(" 00:04.0 "));
        assertThat(model.journal).isEmpty();

        scheduler.settle(Scheduler.NEVER);
        assertThat(vendor()).isEqualTo(0x1234);
    }

    @Test
    void aSlotBehindABridgeIsAPath() {
        board.plug("05.0", Bridge.pci());
        board.powerOn();
        ServiceReference<DeviceModel> reference = card("00:05.0/02.0");

        CardTracker.Tracked card = tracker.addingService(reference);
        scheduler.settle(Scheduler.NEVER);
        assertThat(board.address("05.0/02.0")).contains(FunctionAddress.parse("01:02.0"));

        tracker.removedService(reference, card);
        assertThat(board.address("05.0/02.0")).isEmpty();
    }

    @Test
    void aDepartureReturnsWhenTheCardIsOutAndThenGivesTheServiceBack() {
        board.powerOn();
        ServiceReference<DeviceModel> reference = card("00:04.0");
        CardTracker.Tracked card = tracker.addingService(reference);
        scheduler.settle(Scheduler.NEVER);

        tracker.removedService(reference, card);

        assertThat(model.journal).endsWith("powerOff");
        assertThat(vendor()).isEqualTo(0xffff);
        assertThat(registry).containsExactly("getService", "ungetService");
    }

    @Test
    void aDepartureDoesNotWaitForEverForALaneThatHangs() {
        board.powerOn();
        ServiceReference<DeviceModel> reference = card("00:04.0");
        CardTracker.Tracked card = tracker.addingService(reference);
        scheduler.settle(Scheduler.NEVER);
        long hang = 60_000_000_000L;
        lane.execute(() -> {
            while (scheduler.nanoTime() < hang) {
                tracker.removedService(reference, card);
                assertThat(scheduler.nanoTime()).isEqualTo(CardTracker.PATIENCE);
                scheduler.advance(hang);
            }
        });

        scheduler.settle(Scheduler.NEVER);

        assertThat(registry).endsWith("ungetService");
        assertThat(vendor()).isEqualTo(0xffff);
    }

    @Test
    void aCardInATakenSlotStaysOutAndItsDepartureLeavesTheOtherAlone() {
        TestCard first = TestCard.plain();
        board.plug(SLOT, first);
        board.powerOn();
        ServiceReference<DeviceModel> reference = card("00:04.0");

        CardTracker.Tracked card = tracker.addingService(reference);
        scheduler.settle(Scheduler.NEVER);
        tracker.removedService(reference, card);

        assertThat(model.journal).isEmpty();
        assertThat(first.journal).doesNotContain("powerOff");
        assertThat(vendor()).isEqualTo(0x1234);
    }

    private static CardTracker tracker(Board board, Scheduler scheduler, Lane lane, Map<Object, DeviceModel> models) {
        return new CardTracker(
                fake(
                        BundleContext.class,
                        (proxy, method, arguments) ->
                                method.getName().equals("getService") ? models.get(arguments[0]) : true),
                board,
                scheduler,
                lane);
    }

    @Test
    void aCardWaitsForTheBridgeAboveItAndGoesWithIt() {
        ServiceReference<DeviceModel> first = card("00:1c.0/00.0/02.0");
        ServiceReference<DeviceModel> second = card("00:1c.0/00.0");
        ServiceReference<DeviceModel> third = card("00:1c.0");
        Map<Object, DeviceModel> models = new IdentityHashMap<>();
        models.put(first, model);
        models.put(second, Bridge.pci());
        models.put(third, Bridge.pci());
        CardTracker many = tracker(board, scheduler, lane, models);

        CardTracker.Tracked deepest = many.addingService(first);
        many.addingService(second);
        scheduler.settle(Scheduler.NEVER);
        assertThat(board.isPlugged(SlotPath.parse("00:1c.0/00.0"))).isFalse();
        CardTracker.Tracked bridge = many.addingService(third);
        lane.execute(many::powerComesOn);
        lane.execute(board::powerOn);
        scheduler.settle(Scheduler.NEVER);
        assertThat(board.address("00:1c.0/00.0/02.0")).contains(FunctionAddress.parse("02:02.0"));

        many.removedService(third, bridge);
        assertThat(model.journal).endsWith("powerOff");
        TestCard next = TestCard.plain();
        lane.execute(() -> board.plug("00:1c.0", Bridge.pci()));
        lane.execute(() -> board.plug("00:1c.0/00.0", Bridge.pci()));
        lane.execute(() -> board.plug("00:1c.0/00.0/02.0", next));
        scheduler.settle(Scheduler.NEVER);
        many.removedService(first, deepest);

        assertThat(next.journal)
                .as("another card in the same slot is left alone")
                .doesNotContain("powerOff");
    }

    @Test
    void aCardThatLeavesWhileItWaitsIsForgotten() {
        ServiceReference<DeviceModel> waiting = card("00:1c.0/00.0");
        ServiceReference<DeviceModel> above = card("00:1c.0");
        Map<Object, DeviceModel> models = new IdentityHashMap<>();
        models.put(waiting, model);
        models.put(above, Bridge.pci());
        CardTracker many = tracker(board, scheduler, lane, models);
        board.powerOn();

        many.removedService(waiting, many.addingService(waiting));
        many.addingService(above);
        scheduler.settle(Scheduler.NEVER);

        assertThat(board.isPlugged(SlotPath.parse("00:1c.0"))).isTrue();
        assertThat(model.journal).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "slot four", "00:20.0", "00:04.8"})
    void anUnreadableSlotIsNotTracked(String slot) {
        assertThat(tracker.addingService(card(slot))).isNull();
        assertThat(tracker.addingService(card(null))).isNull();
        assertThat(tracker.addingService(card(4))).isNull();
        assertThat(registry).isEmpty();
    }
}
