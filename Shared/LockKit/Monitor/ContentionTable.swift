/// Tallies of the keys that matter most, in bounded memory (Space-Saving, weighted by waiting time).
///
/// A key that is not tracked takes the place of the lightest one and inherits its weight, so every key whose true
/// weight exceeds total ÷ capacity is present, and no weight is too high by more than that. What is displaced is added
/// to `other`: the sum over all entries and `other` is exact.
struct ContentionTable: Sendable {
    struct Entry: Sendable {
        var key: MonitorKey
        /// By how much the weight may be too high: what was inherited.
        var inherited: UInt64
        var tally: Tally
        /// The group of a resource, once it was asked for; found out once an entry and not at every record.
        var group: Group = .unasked

        enum Group: Sendable {
            case unasked
            case none
            case named(MonitorKey)
        }
    }

    private(set) var entries: [Entry] = []
    private(set) var weights: [UInt64] = []
    /// Everything about keys that are not tracked.
    private(set) var other = Tally(precision: Tally.keyPrecision)
    private let capacity: Int
    private var positions: [MonitorKey: Int] = [:]
    /// Positions of entries as a binary heap, the lightest first.
    private var heap: [Int] = []
    /// Where each entry is in `heap`.
    private var heapIndices: [Int] = []

    init(capacity: Int) {
        precondition(capacity > 0, "a table needs room")
        self.capacity = capacity
    }

    /// The entry of `key`, when it is tracked.
    func entry(of key: MonitorKey) -> (entry: Entry, weight: UInt64)? {
        positions[key].map { (entries[$0], weights[$0]) }
    }

    /// Changes the tally of `key` and makes it heavier by `weight`; an untracked key gets an entry. Returns where it is.
    @discardableResult
    mutating func add(_ key: MonitorKey, weight: UInt64, _ change: (inout Tally) -> Void) -> Int {
        let position = positions[key] ?? admit(key)
        change(&entries[position].tally)
        weights[position] &+= weight
        siftDown(heapIndices[position])
        return position
    }

    /// Changes the tally of `key` if it is tracked or there is room, else `other`: for what comes after an attempt and
    /// weighs nothing, so that it displaces nobody.
    @discardableResult
    mutating func note(_ key: MonitorKey, _ change: (inout Tally) -> Void) -> Int? {
        guard let position = positions[key] ?? (entries.count < capacity ? admit(key) : nil) else {
            change(&other)
            return nil
        }
        change(&entries[position].tally)
        return position
    }

    /// The group of the resource at `position`, which `find` tells from its name.
    mutating func group(at position: Int, _ find: (String) -> String?) -> MonitorKey? {
        if case .unasked = entries[position].group {
            entries[position].group = find(entries[position].key.text).map { .named(MonitorKey($0)) } ?? .none
        }
        if case .named(let group) = entries[position].group { return group }
        return nil
    }

    /// Adds everything that `table` has counted.
    mutating func merge(_ table: ContentionTable) {
        for (position, entry) in table.entries.enumerated() {
            if table.weights[position] > 0 {
                add(entry.key, weight: table.weights[position]) { $0.merge(entry.tally) }
            } else {
                note(entry.key) { $0.merge(entry.tally) }
            }
        }
        other.merge(table.other)
    }

    /// The `count` heaviest entries; the rest is added to `other`.
    func truncated(to count: Int) -> ContentionTable {
        guard entries.count > count else { return self }
        var table = ContentionTable(capacity: max(1, count))
        table.other = other
        for (rank, position) in entries.indices.sorted(by: { weights[$0] > weights[$1] }).enumerated() {
            if rank < count {
                table.restore(entries[position], weight: weights[position])
            } else {
                table.other.merge(entries[position].tally)
            }
        }
        return table
    }

    /// Puts back an entry that was read from elsewhere; false when there is no room or the key is there already.
    @discardableResult
    mutating func restore(_ entry: Entry, weight: UInt64) -> Bool {
        guard entries.count < capacity, positions[entry.key] == nil else { return false }
        let position = admit(entry.key)
        entries[position] = entry
        weights[position] = weight
        siftDown(heapIndices[position])
        return true
    }

    /// A table with `other` and no entries, to be filled by ``restore(_:weight:)``.
    init(capacity: Int, other: Tally) {
        self.init(capacity: capacity)
        self.other = other
    }

    private mutating func admit(_ key: MonitorKey) -> Int {
        if entries.count < capacity {
            let position = entries.count
            entries.append(Entry(key: key, inherited: 0, tally: Tally(precision: Tally.keyPrecision)))
            weights.append(0)
            heap.append(position)
            heapIndices.append(position)
            positions[key] = position
            siftUp(position)
            return position
        }
        let position = heap[0]
        positions[entries[position].key] = nil
        positions[key] = position
        other.merge(entries[position].tally)
        entries[position].key = key
        entries[position].inherited = weights[position]
        entries[position].group = .unasked
        entries[position].tally.clear()
        return position
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard weights[heap[index]] < weights[heap[parent]] else { return }
            swapHeap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { return }
            let right = left + 1
            let lighter = right < heap.count && weights[heap[right]] < weights[heap[left]] ? right : left
            guard weights[heap[lighter]] < weights[heap[index]] else { return }
            swapHeap(index, lighter)
            index = lighter
        }
    }

    private mutating func swapHeap(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        heapIndices[heap[first]] = first
        heapIndices[heap[second]] = second
    }
}
