/// The figures of closed slices: all since the start, and rings that make up the windows.
struct ContentionHistory: Sendable {
    /// A closed slice and the second, counted from the start, in which it began.
    struct Part: Sendable {
        let second: Int64
        let slice: ContentionSlice
    }

    private var total: ContentionSlice
    private var minute: SliceRing
    private var fiveMinutes: SliceRing
    private var hour: SliceRing

    init(_ configuration: ContentionMonitor.Configuration) {
        total = ContentionSlice(resourcesMax: configuration.resourcesMax, groupsMax: configuration.groupsMax)
        let empty = ContentionSlice(
            resourcesMax: configuration.windowResourcesMax, groupsMax: configuration.groupsMax)
        minute = SliceRing(widthSeconds: 5, count: 12, empty: empty)
        fiveMinutes = SliceRing(widthSeconds: 25, count: 12, empty: empty)
        hour = SliceRing(widthSeconds: 300, count: 12, empty: empty)
    }

    /// Adds closed slices in their order.
    mutating func add(_ parts: [Part]) {
        for part in parts {
            total.merge(part.slice)
            minute.add(part.slice, at: part.second)
            fiveMinutes.add(part.slice, at: part.second)
            hour.add(part.slice, at: part.second)
        }
    }

    /// What a window is made of besides the open slice.
    func slices(_ window: ContentionWindow, at second: Int64) -> [ContentionSlice] {
        switch window {
        case .total: [total]
        case .oneMinute: minute.slices(at: second)
        case .fiveMinutes: fiveMinutes.slices(at: second)
        case .oneHour: hour.slices(at: second)
        }
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
