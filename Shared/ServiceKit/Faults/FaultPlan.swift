#if DEBUG
    import Synchronization

    /// What happens at which fault point, read from `FAULT_POINTS`.
    final class FaultPlan: Sendable {
        enum Fault: Sendable, Hashable {
            case die, fail, loseReply
            case stall(Duration)
        }

        private struct Entry {
            let fault: Fault
            /// Passages until it happens; 0 when it has.
            var passagesLeft: Int
        }

        private let entries: Mutex<[String: [Entry]]>

        /// Entries that cannot be read are ignored: a test that relies on one fails by itself.
        init(_ text: String) {
            var entries: [String: [Entry]] = [:]
            for part in text.split(separator: ",") {
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, let entry = Self.entry(pair[1]) else { continue }
                entries[String(pair[0]), default: []].append(entry)
            }
            self.entries = Mutex(entries)
        }

        /// Counts a passage of `name` and returns what happens at it.
        func next(at name: String) -> Fault? {
            entries.withLock { entries in
                guard let list = entries[name] else { return nil }
                var due: Fault?
                for index in list.indices where list[index].passagesLeft > 0 {
                    entries[name]?[index].passagesLeft -= 1
                    if list[index].passagesLeft == 1 { due = due ?? list[index].fault }
                }
                return due
            }
        }

        private static func entry(_ text: Substring) -> Entry? {
            let parts = text.split(separator: "@", maxSplits: 1)
            guard let action = parts.first, let passages = parts.count == 2 ? Int(parts[1]) : 1, passages > 0 else {
                return nil
            }
            switch action {
            case "die": return Entry(fault: .die, passagesLeft: passages)
            case "throw": return Entry(fault: .fail, passagesLeft: passages)
            case "lose-reply": return Entry(fault: .loseReply, passagesLeft: passages)
            default:
                guard action.hasPrefix("stall:"), let milliseconds = Int(action.dropFirst(6)) else { return nil }
                return Entry(fault: .stall(.milliseconds(milliseconds)), passagesLeft: passages)
            }
        }
    }
#endif
