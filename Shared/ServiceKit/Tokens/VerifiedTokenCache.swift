import Synchronization

/// Results of verifying tokens, by the whole token, in bounded memory.
///
/// Two generations: when the young one is full it becomes the old one and the old one is dropped. What is used is
/// carried over, so hot tokens stay without any bookkeeping for each look-up.
final class VerifiedTokenCache<Value: Sendable>: Sendable {
    struct Entry: Sendable {
        let value: Value
        /// The token's `exp` in seconds since 1970; the caller compares, because the cache knows no clock.
        let end: Int64
    }

    private struct Generations {
        var young: [String: Entry] = [:]
        var old: [String: Entry] = [:]
    }

    private let generationMax: Int
    private let generations = Mutex(Generations())

    init(entriesMax: Int) {
        generationMax = max(1, entriesMax / 2)
    }

    /// How many results are remembered.
    var count: Int { generations.withLock { $0.young.count + $0.old.count } }

    func value(for token: String) -> Entry? {
        generations.withLock { generations in
            if let entry = generations.young[token] { return entry }
            guard let entry = generations.old.removeValue(forKey: token) else { return nil }
            add(entry, token, &generations)
            return entry
        }
    }

    func insert(_ value: Value, end: Int64, for token: String) {
        generations.withLock { add(Entry(value: value, end: end), token, &$0) }
    }

    private func add(_ entry: Entry, _ token: String, _ generations: inout Generations) {
        if generations.young.count >= generationMax {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[token] = entry
    }
}
