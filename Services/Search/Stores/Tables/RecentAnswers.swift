import Synchronization

/// What recent questions were answered, by everything that decides the answer.
///
/// Keys name the state of the copy that was asked, so an answer is found only while the copy has taken nothing over
/// since: whoever pages through results, types what everybody types, or searches what everybody searches, does not have
/// everything looked through again.
final class RecentAnswers<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
    private let entriesMax: Int
    private let entries = Mutex<[Key: Answer]>([:])

    init(entriesMax: Int) {
        self.entriesMax = entriesMax
    }

    subscript(key: Key) -> Answer? { entries.withLock { $0[key] } }

    func remember(_ answer: Answer, for key: Key) {
        entries.withLock { entries in
            // Most entries of a full table are of an older state: forgetting all is as good as choosing.
            if entries.count >= entriesMax { entries.removeAll(keepingCapacity: true) }
            entries[key] = answer
        }
    }
}

/// What was counted: the words, as an engine has them, and what narrows them.
struct CountsKey: Hashable, Sendable {
    let live: IndexStateTable.Live
    let expression: String
    let city: String?
    let category: String?
}

/// Totals and facets of a search; exact.
struct Counts: Sendable, Hashable {
    let total: Int
    let facets: Facets
}

/// What was typed.
struct SuggestionsKey: Hashable, Sendable {
    let live: IndexStateTable.Live
    let words: [String]
    let limit: Int
}
