/// How the making of a new search index stands: `GET /internal/search/rebuild`, and the reply to its `POST`.
package struct RebuildStatus: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable {
        /// None was asked for since the process began.
        case idle
        case running
        /// The new index is the one that is searched.
        case done
        /// It stopped; asked for again, it goes on where it stopped.
        case failed
    }

    package var state: State
    /// Events taken over by this process.
    package var events: Int
    /// Up to where the change feed was read.
    package var position: Int64
    /// The end of the change feed as it was last seen; 0 before that.
    package var latest: Int64
    /// Why it failed.
    package var reason: String?

    package init(
        state: State = .idle, events: Int = 0, position: Int64 = 0, latest: Int64 = 0, reason: String? = nil
    ) {
        self.state = state
        self.events = events
        self.position = position
        self.latest = latest
        self.reason = reason
    }

    /// How much is done, from 0 to 1.
    package var fraction: Double {
        if state == .done { return 1 }
        return latest > 0 ? min(1, Double(position) / Double(latest)) : 0
    }
}

/// The body of `POST /internal/search/rebuild`.
package struct RebuildRequest: Sendable, Codable {
    /// Whether a build that was interrupted is begun anew instead of being finished.
    package let restart: Bool

    package init(restart: Bool = false) {
        self.restart = restart
    }
}
