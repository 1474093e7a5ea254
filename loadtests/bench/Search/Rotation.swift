import Synchronization

/// Hands out one thing after the other, from the first again after the last, to whoever asks.
final class Rotation<Element: Sendable>: Sendable {
    private let elements: [Element]
    private let position = Atomic<Int>(0)

    /// - Parameter elements: at least one
    init(_ elements: [Element]) {
        self.elements = elements
    }

    func next() -> Element { elements[position.wrappingAdd(1, ordering: .relaxed).oldValue % elements.count] }
}
