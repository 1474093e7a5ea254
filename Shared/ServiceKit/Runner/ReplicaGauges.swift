package import HTTPKit

/// Counts the replicas of the services that this process calls, by what they were found to be.
package struct ReplicaGauges: Sendable {
    private let metrics: PrometheusRegistry

    package init(_ metrics: PrometheusRegistry) {
        self.metrics = metrics
    }

    /// Sets the gauges of a service to what a round of questions has found.
    package func record(_ service: String, _ reports: [ReplicaReport]) {
        for condition in ReplicaCondition.allCases {
            let gauge = metrics.gauge("replicas", [("service", service), ("condition", condition.rawValue)])
            gauge.set(Double(reports.count { $0.condition == condition }))
        }
    }
}
