import NIOCore

/// Decides which replica of a service gets the next request: a pure state machine of one event loop.
///
/// It knows two things of each replica: what the last probe found, and what this loop's own requests have met since.
/// Of the healthy ones the least busy gets the request, in turn when they are equally busy. There are three steps down:
///
/// 1. *Healthy*: ready, and no request has failed on it lately.
/// 2. *Doubtful*: it answers but is not ready, or took a connection and let it drop or kept silent. It gets requests
///    only while nobody is healthy: a service that misses one thing still answers what does not need it, and says
///    itself what is wrong; the balancer must not make an absent service of an impaired one.
/// 3. *Away*: no connection can be made. Nothing is sent there but one request at a time as a trial, when its rest is
///    over or when there is no other hope. All others are refused at once instead of queueing up before a closed door,
///    and the trial that goes through lets everyone in again: refusal ends as soon as the service is back.
struct ReplicaSelection<Connections> {
    /// What a request met.
    enum Outcome: Sendable, Hashable {
        /// A whole response, whatever its status.
        case answered
        /// No connection could be made.
        case notConnected
        /// The connection broke under the request, and not because it was old.
        case broken
        /// Nothing that speaks for or against the replica.
        case inconclusive
    }

    /// A request's place at a replica.
    struct Lease {
        let member: Int
        let connections: Connections
        let isTrial: Bool
    }

    private struct Member {
        /// Never given twice, so that a late answer finds its own replica or none.
        let id: Int
        let endpoint: Endpoint
        let connections: Connections
        var inFlightCount = 0
        var condition = ReplicaCondition.unknown
        var isAway = false
        var isOnTrial = false
        /// Has left the service; only what is under way keeps it here.
        var isLeaving = false
        var failureCount = 0
        /// Until then it gets nothing while others can be had; nil when its requests go well.
        var restsUntil: NIODeadline?

        var isUnblemished: Bool {
            !isLeaving && !isAway && restsUntil == nil && (condition == .ready || condition == .unknown)
        }
    }

    private enum Step: Int {
        case healthy
        case doubtful
        case away
    }

    static var firstRest: TimeAmount { .milliseconds(100) }
    static var longestRest: TimeAmount { .seconds(5) }

    private let limitsTrials: Bool
    private var members: [Member] = []
    private var nextID = 0
    /// Where the search for the least busy one begins, so that equals take turns.
    private var cursor = 0

    /// - Parameter limitsTrials: false for an endpoint that is asked although it may be away, such as by a probe
    init(limitsTrials: Bool = true) {
        self.limitsTrials = limitsTrials
    }

    /// Makes `endpoints` the replicas, with connections for those that are new; returns the connections that nobody
    /// needs any more.
    mutating func setMembers(
        _ endpoints: [Endpoint], makeConnections: (Endpoint) -> Connections
    ) -> [Connections] {
        var unneeded: [Connections] = []
        members.removeAll { member in
            guard !endpoints.contains(member.endpoint), member.inFlightCount == 0 else { return false }
            unneeded.append(member.connections)
            return true
        }
        for index in members.indices { members[index].isLeaving = !endpoints.contains(members[index].endpoint) }
        for endpoint in endpoints where !members.contains(where: { $0.endpoint == endpoint }) {
            members.append(Member(id: nextID, endpoint: endpoint, connections: makeConnections(endpoint)))
            nextID += 1
        }
        return unneeded
    }

    /// Takes what a probe found.
    mutating func learned(_ condition: ReplicaCondition, of endpoint: Endpoint) {
        guard let index = members.firstIndex(where: { $0.endpoint == endpoint }) else { return }
        members[index].condition = condition
        switch condition {
        case .ready:
            members[index].isAway = false
            members[index].failureCount = 0
            members[index].restsUntil = nil
        case .notReady, .silent: members[index].isAway = false
        case .unreachable: members[index].isAway = true
        case .unknown: break
        }
    }

    /// Chooses a replica; nil when none can be reached, or when the only way is being tried by another request.
    mutating func choose(now: @autoclosure () -> NIODeadline) -> Lease? {
        if members.count == 1, members[0].isUnblemished { return take(0, isTrial: false) }
        return choose(avoiding: nil, mayRepeat: false, now())
    }

    /// Chooses a replica for a request that failed on `avoided`, which gets it again only when `mayRepeat` and no other
    /// can have it.
    mutating func choose(avoiding avoided: Int?, mayRepeat: Bool, _ now: NIODeadline) -> Lease? {
        var best: (index: Int, step: Step, inFlightCount: Int)?
        cursor = cursor + 1 < members.count ? cursor + 1 : 0
        for offset in members.indices {
            let index = offset + cursor < members.count ? offset + cursor : offset + cursor - members.count
            // Looked at in place: a copy would count references for each of them.
            guard var step = step(at: index, now) else { continue }
            if members[index].id == avoided {
                guard mayRepeat, step != .away else { continue }
                step = .doubtful
            }
            let inFlightCount = members[index].inFlightCount
            if let best, (best.step.rawValue, best.inFlightCount) <= (step.rawValue, inFlightCount) { continue }
            best = (index, step, inFlightCount)
        }
        guard let best else { return nil }
        return take(best.index, isTrial: members[best.index].isAway)
    }

    /// A request ended; returns the connections of a replica that nobody needs any more.
    mutating func ended(
        _ lease: Lease, _ outcome: Outcome, now: @autoclosure () -> NIODeadline
    ) -> Connections? {
        guard let index = members.firstIndex(where: { $0.id == lease.member }) else { return nil }
        members[index].inFlightCount -= 1
        if lease.isTrial { members[index].isOnTrial = false }
        switch outcome {
        case .answered:
            members[index].isAway = false
            members[index].failureCount = 0
            members[index].restsUntil = nil
        case .notConnected:
            members[index].isAway = true
            rest(index, now())
        case .broken: rest(index, now())
        case .inconclusive: break
        }
        guard members[index].isLeaving, members[index].inFlightCount == 0 else { return nil }
        return members.remove(at: index).connections
    }

    /// The connections of all replicas.
    var allConnections: [Connections] { members.map(\.connections) }

    // MARK: - Inside

    private mutating func take(_ index: Int, isTrial: Bool) -> Lease {
        members[index].inFlightCount += 1
        if isTrial { members[index].isOnTrial = true }
        return Lease(member: members[index].id, connections: members[index].connections, isTrial: isTrial)
    }

    /// How far down a replica is; nil when it can have no request at all.
    private func step(at index: Int, _ now: NIODeadline) -> Step? {
        guard !members[index].isLeaving else { return nil }
        let rests = members[index].restsUntil.map { $0 > now } ?? false
        let condition = members[index].condition
        if members[index].isAway {
            guard !members[index].isOnTrial || !limitsTrials else { return nil }
            return rests || condition == .unreachable ? .away : .healthy
        }
        return rests || !(condition == .ready || condition == .unknown) ? .doubtful : .healthy
    }

    private mutating func rest(_ index: Int, _ now: NIODeadline) {
        let doublings = min(members[index].failureCount, 6)
        members[index].failureCount += 1
        members[index].restsUntil = now + min(Self.firstRest * (1 << doublings), Self.longestRest)
    }
}
