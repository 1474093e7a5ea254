import Contracts
import LockKit

extension ContentionSnapshot {
    /// The snapshot as the wire has it.
    func document(at now: Timestamp) -> LockContentionDocument {
        LockContentionDocument(
            generatedAt: now, window: window.rawValue, totals: totals.document,
            resources: resources.mapValues(\.document), groups: groups.mapValues(\.document),
            hottest: hottest.map { .init(resourceKey: $0.resourceKey, statistics: $0.statistics.document) },
            holders: holders.map {
                .init(
                    resourceKeys: $0.resources, fencingToken: $0.token.description, heldMs: $0.ageMs,
                    remainingLeaseMs: $0.remainingLeaseMs)
            }, advice: advice.map(\.message))
    }
}

extension LockStatistics {
    /// The figures as the wire has them.
    var document: LockStatisticsDocument {
        LockStatisticsDocument(
            totalAttempts: totalAttempts, successfulAttempts: successfulAttempts, failedAttempts: failedAttempts,
            backendErrors: backendErrors, contentionRate: contentionRate, totalDurationMs: totalDurationMs,
            averageDurationMs: averageDurationMs, retries: retries, cancelled: cancelled, expired: expired,
            extended: extended, fenceRefused: fenceRefused, hold: hold.document, wait: wait.document)
    }
}

extension LockStatistics.Distribution {
    fileprivate var document: LockStatisticsDocument.Distribution {
        LockStatisticsDocument.Distribution(p50: p50, p90: p90, p99: p99, max: max)
    }
}
