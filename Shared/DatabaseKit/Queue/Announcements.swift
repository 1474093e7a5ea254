/// What the units of a transaction named as changed, until their callers know that it is stored.
struct Announcements {
    /// Of the transaction that runs.
    private var named: Set<String> = []
    /// Of those that were committed and not told yet.
    private var stored: Set<String> = []

    mutating func add(_ subject: String) {
        named.insert(subject)
    }

    /// A transaction begins; whatever an earlier one named and did not store is forgotten.
    mutating func begin() {
        if !named.isEmpty { named = [] }
    }

    /// The transaction is durable.
    mutating func commit() {
        guard !named.isEmpty else { return }
        stored.formUnion(named)
        named = []
    }

    /// Hands over what is stored.
    mutating func take() -> Set<String> {
        guard !stored.isEmpty else { return [] }
        defer { stored = [] }
        return stored
    }
}
