/// What all locks did in a window: `GET /api/monitoring/lock-contention`.
package struct LockContentionReport: Sendable, Codable {
    /// A resource among those that cost the most waiting.
    package struct HotResource: Sendable, Codable {
        package let resourceKey: String
        package let statistics: LockStatistics

        package init(resourceKey: String, statistics: LockStatistics) {
            self.resourceKey = resourceKey
            self.statistics = statistics
        }

        private enum CodingKeys: String, CodingKey {
            case resourceKey
        }

        package init(from decoder: any Decoder) throws {
            resourceKey = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .resourceKey)
            statistics = try LockStatistics(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(resourceKey, forKey: .resourceKey)
            try statistics.encode(to: encoder)
        }
    }

    /// A lock that somebody holds at this moment.
    package struct Holder: Sendable, Codable {
        package let resourceKey: String
        package let owner: String
        package let heldMs: Double
        package let remainingLeaseMs: Double

        package init(resourceKey: String, owner: String, heldMs: Double, remainingLeaseMs: Double) {
            self.resourceKey = resourceKey
            self.owner = owner
            self.heldMs = heldMs
            self.remainingLeaseMs = remainingLeaseMs
        }
    }

    package let generatedAt: Timestamp
    /// `1m`, `5m`, `1h` or `total`.
    package let window: String
    package let totals: LockStatistics
    package let resources: [String: LockStatistics]
    /// Most total waiting first.
    package let hottest: [HotResource]
    package let holders: [Holder]
    /// Sentences, each with the number it stands on.
    package let advice: [String]

    package init(
        generatedAt: Timestamp, window: String, totals: LockStatistics, resources: [String: LockStatistics],
        hottest: [HotResource], holders: [Holder], advice: [String]
    ) {
        self.generatedAt = generatedAt
        self.window = window
        self.totals = totals
        self.resources = resources
        self.hottest = hottest
        self.holders = holders
        self.advice = advice
    }
}
