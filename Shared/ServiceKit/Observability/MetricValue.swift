import Synchronization

/// A number that goes up, or up and down: the value of a counter or a gauge.
package final class MetricValue: Sendable {
    private let value = Mutex<Double>(0)

    package var current: Double { value.withLock { $0 } }

    package func add(_ amount: Double) { value.withLock { $0 += amount } }

    package func increment() { add(1) }

    package func set(_ new: Double) { value.withLock { $0 = new } }
}
