/// What one process has counted in one window, in a form that adds up with others'.
struct ContentionReport: Sendable {
    /// How long the window has been observed.
    var observed: Duration
    var slice: ContentionSlice
    /// The longest held first.
    var holders: [ContentionSnapshot.Holder]
    /// Holders that were too many to be listed or remembered.
    var holdersOmitted: Int
}
