/// Why the index refuses.
enum SearchError: Error, Sendable, Hashable {
    /// The build is not the running one: another was begun since, or it was promoted.
    case buildSuperseded
    /// The search engine has lost what says which index is live.
    case indexMissing
}

/// A search engine outside this process did not answer as it must.
struct SearchEngineFailure: Error, Sendable, CustomStringConvertible {
    /// The ``type`` of a success whose body is not what was asked for.
    static let unreadable = "a reply that cannot be read"

    /// The status of its reply; 0 when there was none.
    let status: Int
    /// Its name for what is wrong, such as `index_not_found_exception`; empty when it gave none.
    let type: String
    /// What it was asked, without the body.
    let request: String

    var description: String { "the search engine answered \(request) with \(status) \(type)" }
}
