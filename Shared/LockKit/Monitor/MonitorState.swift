/// What is being counted at this moment: one open slice of five seconds, and who holds locks.
///
/// When the time of a slice is over it is closed and waits to be added to the ``ContentionHistory``, which happens
/// beside the recording and not under its lock.
struct MonitorState: Sendable {
    private static let openSeconds: Int64 = 5

    let start: ContinuousClock.Instant
    var holders: LiveHolders
    private(set) var open: ContentionSlice
    private(set) var closed: [ContentionHistory.Part] = []
    /// Counts records, so that who passes figures on knows whether there are new ones.
    private(set) var events: UInt64 = 0
    private let emptySlice: ContentionSlice
    private var openNumber: Int64 = 0

    init(_ configuration: ContentionMonitor.Configuration, start: ContinuousClock.Instant, holders: LiveHolders? = nil)
    {
        self.start = start
        self.holders = holders ?? LiveHolders(capacity: configuration.holdersMax)
        emptySlice = ContentionSlice(
            resourcesMax: configuration.resourcesMax, groupsMax: configuration.groupsMax)
        open = emptySlice
    }

    /// Closes the open slice when its time is over.
    mutating func advance(to moment: ContinuousClock.Instant) {
        let number = (moment - start).components.seconds / Self.openSeconds
        // Threads take the time before the lock, so it may be a little behind: the open slice takes that too.
        guard number > openNumber else { return }
        closed.append(.init(second: openNumber * Self.openSeconds, slice: open))
        open = emptySlice
        openNumber = number
    }

    /// Hands over what was closed.
    mutating func takeClosed() -> [ContentionHistory.Part] {
        let taken = closed
        closed = []
        return taken
    }

    mutating func record(
        _ key: MonitorKey, _ scope: MonitorKey, weight: UInt64,
        group: (@Sendable (_ resource: String) -> String?)?, _ change: (inout Tally) -> Void
    ) {
        events &+= 1
        open.record(key, scope, weight: weight, group: group, change)
    }
}
