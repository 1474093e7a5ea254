import Synchronization

/// A mark that one side sets and another looks at.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }

    func set() { value.store(true, ordering: .sequentiallyConsistent) }

    func clear() { value.store(false, ordering: .sequentiallyConsistent) }
}
