/// Which build is live and which is running: one document in an index of its own.
///
/// Elasticsearch has no transactions. The document is written last, after what it announces is there, and only over
/// the version that was read (`if_seq_no`), so that of two processes one wins and the other sees that it lost.
struct ElasticsearchState: Codable, Sendable, Hashable {
    var live: Int64
    var lastBuild: Int64
    var isBuilding: Bool
    /// Up to where the feed was taken over, by build.
    var positions: [String: Int64]

    /// The body of the request that makes its index: nothing of it is ever searched, so nothing is mapped.
    static let indexBody: JSONValue = ["mappings": ["enabled": false]]

    static let first = ElasticsearchState(live: 1, lastBuild: 1, isBuilding: false, positions: ["1": 0])

    /// The build that `copy` means.
    ///
    /// - Throws: ``SearchError/buildSuperseded`` for a build that is not running
    func build(of copy: IndexCopy) throws -> Int64 {
        switch copy {
        case .live: return live
        case .next(let build):
            guard isBuilding, lastBuild == build else { throw SearchError.buildSuperseded }
            return build
        }
    }

    /// The builds that have an index.
    var builds: [Int64] { isBuilding ? [live, lastBuild] : [live] }

    func position(of build: Int64) -> Int64 { positions[String(build)] ?? 0 }
}
