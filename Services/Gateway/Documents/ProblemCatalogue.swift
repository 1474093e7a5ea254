/// The stable codes of all refusals: the status of each, and where it can occur.
struct ProblemCatalogue: Sendable {
    struct Entry: Sendable {
        /// Which operations can be refused so without saying it.
        enum Scope: String, Sendable {
            case every, services, bodies
        }

        enum Retry: String, Sendable {
            case never, sometimes, always
        }

        let code: String
        let statuses: [Int]
        let scope: Scope?
        let retry: Retry
        /// Whether it may be the end of a request that was executed, so that a repeat is answered the same.
        let isReplayed: Bool
        let description: String
    }

    let node: JSONNode
    let entries: [Entry]
    private let byCode: [String: Entry]

    init(_ node: JSONNode) {
        self.node = node
        entries = node.members.map { member in
            Entry(
                code: member.name, statuses: member.value["status"]?.elements.compactMap(\.integer) ?? [],
                scope: member.value["on"]?.string.flatMap(Entry.Scope.init),
                retry: member.value["retry"]?.string.flatMap(Entry.Retry.init) ?? .never,
                isReplayed: member.value["replayed"]?.isTrue == true,
                description: member.value["description"]?.string ?? "")
        }
        byCode = Dictionary(entries.map { ($0.code, $0) }) { first, _ in first }
    }

    /// The entry of a code; nil for one that is not in the catalogue.
    subscript(code: String) -> Entry? { byCode[code] }
}
