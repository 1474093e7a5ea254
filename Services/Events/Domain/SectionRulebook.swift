import Contracts

/// Decides about the blocks of seats of one event, over all of its ticket types.
///
/// A seat's number is `SECTION-ROW-SEAT`, so a section's name has no dash and occurs once in an event.
struct SectionRulebook {
    /// Seats accepted so far.
    private(set) var seats = 0
    private var names: Set<String> = []
    private var count = 0
    /// Names of all sections that the event has so far: while their seats exist, others cannot have their numbers.
    private let taken: Set<String>

    /// - Parameter plan: the seats that the event has so far
    init(_ plan: SeatPlan) {
        taken = Set(plan.values.joined().map { $0.name.lowercased() })
    }

    /// Counts sections that stay as they are.
    mutating func keep(_ sections: [EventRules.Section]) {
        for section in sections {
            names.insert(section.name.lowercased())
            seats += section.seats
        }
        count += sections.count
    }

    /// The sections of one ticket type with reserved seating; of those in `existing` that are named again, the same.
    mutating func sections(
        _ forms: [EventForm.Section]?, existing: [SeatSection], _ path: String, _ reader: inout FormReader
    ) -> [SeatSection] {
        guard let forms, !forms.isEmpty else {
            reader.refuse(path, "is required for reserved seating")
            return []
        }
        count += forms.count
        guard count <= EventLimits.sectionsMax else {
            reader.refuse(path, "must not bring the event above \(EventLimits.sectionsMax) sections")
            return []
        }
        let known = Dictionary(
            existing.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        return forms.enumerated().map { index, form in
            let section = section(form, "\(path)[\(index)]", &reader)
            guard let old = known[section.name.lowercased()] else {
                if taken.contains(section.name.lowercased()) {
                    reader.refuse("\(path)[\(index)].name", "is a section of the event already")
                }
                return section
            }
            if (old.rows, old.seatsPerRow) != (section.rows, section.seatsPerRow) {
                reader.refuse("\(path)[\(index)]", "cannot get another shape; replace it by one of another name")
            }
            return old
        }
    }

    private mutating func section(
        _ form: EventForm.Section, _ path: String, _ reader: inout FormReader
    ) -> SeatSection {
        let name = name(form.name, "\(path).name", &reader)
        let rows = reader.number(form.rows, "\(path).rows", in: EventLimits.rows, default: nil)
        let seatsPerRow = reader.number(
            form.seatsPerRow, "\(path).seatsPerRow", in: EventLimits.seatsPerRow, default: nil)
        guard EventLimits.rows.contains(rows), EventLimits.seatsPerRow.contains(seatsPerRow) else {
            return SeatSection(name: name, rows: 1, seatsPerRow: 1)
        }
        seats += rows * seatsPerRow
        return SeatSection(name: name, rows: rows, seatsPerRow: seatsPerRow)
    }

    private mutating func name(_ value: String?, _ field: String, _ reader: inout FormReader) -> String {
        let name = reader.text(value, field, max: EventLimits.sectionNameCharacters)
        guard !name.isEmpty else { return name }
        if !name.utf8.allSatisfy(Self.isAllowed) {
            reader.refuse(field, "must consist of letters A–Z, digits and spaces")
        } else if !names.insert(name.lowercased()).inserted {
            reader.refuse(field, "must be unique within the event")
        }
        return name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "):
            true
        default:
            false
        }
    }
}
