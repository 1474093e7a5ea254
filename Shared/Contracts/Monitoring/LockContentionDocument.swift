/// What all locks did in a window: `GET /api/monitoring/lock-contention`.
package struct LockContentionDocument: Sendable, Codable {
    /// A resource among those that cost the most waiting.
    package struct HotResource: Sendable, Codable {
        package let resourceKey: String
        package let statistics: LockStatisticsDocument

        package init(resourceKey: String, statistics: LockStatisticsDocument) {
            self.resourceKey = resourceKey
            self.statistics = statistics
        }

        private enum CodingKeys: String, CodingKey {
            case resourceKey
        }

        package init(from decoder: any Decoder) throws {
            resourceKey = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .resourceKey)
            statistics = try LockStatisticsDocument(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(resourceKey, forKey: .resourceKey)
            try statistics.encode(to: encoder)
        }
    }

    /// Locks that somebody took together and holds at this moment.
    package struct Holder: Sendable, Codable {
        package let resourceKeys: [String]
        package let fencingToken: String
        package let heldMs: Double
        /// Negative when the lease is over and the holder has not said so.
        package let remainingLeaseMs: Double

        package init(resourceKeys: [String], fencingToken: String, heldMs: Double, remainingLeaseMs: Double) {
            self.resourceKeys = resourceKeys
            self.fencingToken = fencingToken
            self.heldMs = heldMs
            self.remainingLeaseMs = remainingLeaseMs
        }
    }

    package let generatedAt: Timestamp
    /// `1m`, `5m`, `1h` or `total`.
    package let window: String
    package let totals: LockStatisticsDocument
    package let resources: [String: LockStatisticsDocument]
    /// Sections, as `seat:EVENT:SECTION`, and events by their ids.
    package let groups: [String: LockStatisticsDocument]
    /// Most total waiting first.
    package let hottest: [HotResource]
    package let holders: [Holder]
    /// Sentences, each with the number it stands on.
    package let advice: [String]

    package init(
        generatedAt: Timestamp, window: String, totals: LockStatisticsDocument,
        resources: [String: LockStatisticsDocument], groups: [String: LockStatisticsDocument],
        hottest: [HotResource], holders: [Holder], advice: [String]
    ) {
        self.generatedAt = generatedAt
        self.window = window
        self.totals = totals
        self.resources = resources
        self.groups = groups
        self.hottest = hottest
        self.holders = holders
        self.advice = advice
    }
}
