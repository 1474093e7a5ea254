import LockKit
import ServiceKit
import ServiceLifecycle

/// Shows what this process's seat locks did among its metrics: totals as counters, the last minute as quantiles.
struct LockMetrics: Service {
    let monitor: ContentionMonitor
    let registry: PrometheusRegistry

    private static let interval = Duration.seconds(5)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                update()
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Sets every metric to what the monitor knows now.
    func update() {
        let all = monitor.snapshot(top: 0)
        let totals = all.totals
        let counts = [
            ("won", totals.successfulAttempts), ("held", totals.failedAttempts), ("cancelled", totals.cancelled),
            ("too_late", totals.acquiredTooLate), ("error", totals.backendErrors),
        ]
        for (outcome, count) in counts {
            registry.counter("seat_lock_attempts_total", [("outcome", outcome)]).set(Double(count))
        }
        registry.counter("seat_lock_retries_total").set(Double(totals.retries))
        registry.counter("seat_lock_lost_total").set(Double(totals.expired))
        registry.counter("seat_lock_extended_total").set(Double(totals.extended))
        registry.counter("seat_lock_fence_refused_total").set(Double(totals.fenceRefused))
        registry.counter("seat_lock_wait_seconds_total").set(totals.totalDurationMs / 1000)
        registry.gauge("seat_lock_holders").set(Double(all.holders.count + all.holdersOmitted))
        registry.gauge("seat_lock_resources_tracked").set(Double(all.trackedResources))
        let minute = monitor.snapshot(window: .oneMinute, top: 0).totals
        registry.gauge("seat_lock_contention_ratio").set(minute.contentionRate)
        for (name, times) in [("seat_lock_wait_seconds", minute.wait), ("seat_lock_hold_seconds", minute.hold)] {
            for (quantile, milliseconds) in [("0.5", times.p50), ("0.9", times.p90), ("0.99", times.p99)] {
                registry.gauge(name, [("quantile", quantile)]).set(milliseconds / 1000)
            }
        }
    }
}
