package import NIOCore

/// The replicas of one service as seen from one event loop, with the connections to each of them.
///
/// It carries out what `ReplicaSelection` decides. It belongs to its event loop: a request locks nothing, waits for
/// nobody and allocates nothing here.
package final class ReplicaSet {
    typealias Selection = ReplicaSelection<[EndpointPool]>

    /// For messages.
    package let service: String
    /// The value of a Host field for the service.
    package let authority: String
    /// Nil for an endpoint that nobody watches.
    private let directory: ReplicaDirectory?
    private let makePools: (Endpoint) -> [EndpointPool]
    private var selection: Selection
    private var version = 0

    /// The replicas in `directory`, followed as they come, go and change.
    ///
    /// - Parameter lanes: the limits for each kind of connection to a replica; kinds do not take each other's
    package init(_ directory: ReplicaDirectory, on eventLoop: any EventLoop, lanes: [EndpointPool.Limits]) {
        self.directory = directory
        service = directory.service
        authority = directory.authority
        makePools = Self.poolMaker(eventLoop, lanes)
        selection = Selection()
    }

    /// One endpoint that nobody watches; every request tries it.
    init(_ endpoint: Endpoint, on eventLoop: any EventLoop, lanes: [EndpointPool.Limits]) {
        directory = nil
        service = endpoint.description
        authority = endpoint.authority
        makePools = Self.poolMaker(eventLoop, lanes)
        selection = Selection(limitsTrials: false)
        _ = selection.setMembers([endpoint], makeConnections: makePools)
    }

    /// A replica for a new request.
    func choose() -> Selection.Lease? {
        takeNews()
        return selection.choose(now: .now())
    }

    /// Another replica for a request that failed on `lease`; the same one only when `mayRepeat` and there is no other.
    func choose(insteadOf lease: Selection.Lease, mayRepeat: Bool) -> Selection.Lease? {
        takeNews()
        return selection.choose(avoiding: lease.member, mayRepeat: mayRepeat, .now())
    }

    func ended(_ lease: Selection.Lease, _ outcome: Selection.Outcome) {
        if let unneeded = selection.ended(lease, outcome, now: .now()) { Self.shutdown(unneeded) }
    }

    /// Whether it has neither connections nor requests, so that it can be made anew when it is wanted again.
    var isUnused: Bool { selection.allConnections.allSatisfy { $0.allSatisfy(\.isUnused) } }

    /// Ends all connections and everything on them.
    package func shutdown() {
        for pools in selection.allConnections { Self.shutdown(pools) }
    }

    private func takeNews() {
        guard let news = directory?.news(since: version) else { return }
        version = news.version
        if let members = news.members {
            for pools in selection.setMembers(members, makeConnections: makePools) { Self.shutdown(pools) }
        }
        for report in news.reports { selection.learned(report.condition, of: report.endpoint) }
    }

    private static func poolMaker(
        _ eventLoop: any EventLoop, _ lanes: [EndpointPool.Limits]
    ) -> (Endpoint) -> [EndpointPool] {
        { endpoint in lanes.map { EndpointPool(endpoint: endpoint, eventLoop: eventLoop, limits: $0) } }
    }

    private static func shutdown(_ pools: [EndpointPool]) {
        for pool in pools { pool.shutdown() }
    }
}
