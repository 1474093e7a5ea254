/// The monitor's figures: since the start, and in slices that make up the windows.
///
/// Records go to the total and to one open slice of five seconds. When that is over it is added to the three rings,
/// each of which covers one window.
struct MonitorState: Sendable {
    private static let openSeconds: Int64 = 5

    let start: ContinuousClock.Instant
    var holders: LiveHolders
    private let emptySlice: ContentionSlice
    private var total: ContentionSlice
    private var open: ContentionSlice
    private var openNumber: Int64 = 0
    private var minute = SliceRing(widthSeconds: 5, count: 12)
    private var fiveMinutes = SliceRing(widthSeconds: 25, count: 12)
    private var hour = SliceRing(widthSeconds: 300, count: 12)

    init(_ configuration: ContentionMonitor.Configuration, start: ContinuousClock.Instant) {
        self.start = start
        holders = LiveHolders(capacity: configuration.holdersMax)
        emptySlice = ContentionSlice(
            resourcesMax: configuration.windowResourcesMax, groupsMax: configuration.groupsMax)
        total = ContentionSlice(resourcesMax: configuration.resourcesMax, groupsMax: configuration.groupsMax)
        open = emptySlice
    }

    /// Closes the open slice when its time is over.
    mutating func advance(to moment: ContinuousClock.Instant) {
        let number = (moment - start).components.seconds / Self.openSeconds
        // Threads take the time before the lock, so it may be a little behind: the open slice takes that too.
        guard number > openNumber else { return }
        let second = openNumber * Self.openSeconds
        minute.add(open, at: second)
        fiveMinutes.add(open, at: second)
        hour.add(open, at: second)
        open = emptySlice
        openNumber = number
    }

    mutating func record(
        _ key: MonitorKey, _ group: MonitorKey?, _ scope: MonitorKey, weight: UInt64, _ change: (inout Tally) -> Void
    ) {
        total.record(key, group, scope, weight: weight, change)
        open.record(key, group, scope, weight: weight, change)
    }

    /// What a window is made of.
    func slices(_ window: ContentionWindow, at moment: ContinuousClock.Instant) -> [ContentionSlice] {
        let second = (moment - start).components.seconds
        return switch window {
        case .total: [total]
        case .oneMinute: [open] + minute.slices(at: second)
        case .fiveMinutes: [open] + fiveMinutes.slices(at: second)
        case .oneHour: [open] + hour.slices(at: second)
        }
    }
}

extension ContentionSlice {
    /// Counts one event of one resource at every level. What weighs nothing makes no entry of its own.
    mutating func record(
        _ key: MonitorKey, _ group: MonitorKey?, _ scope: MonitorKey, weight: UInt64, _ change: (inout Tally) -> Void
    ) {
        change(&totals)
        guard weight > 0 else {
            resources.note(key, change)
            group.map { groups.note($0, change) }
            groups.note(scope, change)
            return
        }
        resources.add(key, weight: weight, change)
        group.map { groups.add($0, weight: weight, change) }
        groups.add(scope, weight: weight, change)
    }
}

extension ContentionWindow {
    /// How far back the window reaches; nil for all time.
    var length: Duration? {
        switch self {
        case .oneMinute: .seconds(60)
        case .fiveMinutes: .seconds(300)
        case .oneHour: .seconds(3600)
        case .total: nil
        }
    }
}
