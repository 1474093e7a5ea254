/// The latest slices of one width, the oldest forgotten: a window that moves in steps.
struct SliceRing: Sendable {
    private let widthSeconds: Int64
    private let countMax: Int64
    private let empty: ContentionSlice
    private var slices: [(number: Int64, slice: ContentionSlice)] = []

    /// Covers `widthSeconds` × `count` with slices that have the room of `empty`.
    init(widthSeconds: Int64, count: Int64, empty: ContentionSlice) {
        self.widthSeconds = widthSeconds
        self.empty = empty
        countMax = count
    }

    /// Adds what was counted around `second`, which never goes back.
    mutating func add(_ slice: ContentionSlice, at second: Int64) {
        let number = second / widthSeconds
        if slices.last?.number != number {
            slices.append((number, empty))
        }
        slices[slices.count - 1].slice.merge(slice)
        slices.removeAll { $0.number <= number - countMax }
    }

    /// The slices that are not older than the window at `second`.
    func slices(at second: Int64) -> [ContentionSlice] {
        let number = second / widthSeconds
        return slices.filter { $0.number > number - countMax }.map(\.slice)
    }
}
