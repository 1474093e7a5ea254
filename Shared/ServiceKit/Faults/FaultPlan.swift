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
            var occurrence: Occurrence

            /// Whether it happens at the passage that is made now.
            mutating func pass() -> Bool {
                switch occurrence {
                case .after(let passages):
                    occurrence = .after(max(0, passages - 1))
                    return passages == 1
                case .percent(let percent): return Int.random(in: 0..<100) < percent
                }
            }
        }

        private enum Occurrence {
            /// At one passage, so many from now; 0 when it has happened.
            case after(Int)
            /// At any passage, with this chance.
            case percent(Int)
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
                guard var list = entries[name] else { return nil }
                var due: Fault?
                for index in list.indices where list[index].pass() { due = due ?? list[index].fault }
                entries[name] = list
                return due
            }
        }

        private static func entry(_ text: Substring) -> Entry? {
            guard let end = text.firstIndex(where: { $0 == "@" || $0 == "%" }) else {
                return fault(text).map { Entry(fault: $0, occurrence: .after(1)) }
            }
            guard let fault = fault(text[..<end]), let number = Int(text[end...].dropFirst()), number > 0 else {
                return nil
            }
            return Entry(fault: fault, occurrence: text[end] == "@" ? .after(number) : .percent(number))
        }

        private static func fault(_ text: Substring) -> Fault? {
            switch text {
            case "die": return .die
            case "throw": return .fail
            case "lose-reply": return .loseReply
            default:
                guard text.hasPrefix("stall:"), let milliseconds = Int(text.dropFirst(6)) else { return nil }
                return .stall(.milliseconds(milliseconds))
            }
        }
    }
#endif
