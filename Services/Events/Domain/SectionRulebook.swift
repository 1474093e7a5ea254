import Contracts

/// Decides about the blocks of seats of one event, over all of its ticket types.
///
/// A seat's number is `SECTION-ROW-SEAT`, so a section's name has no dash and occurs once in an event.
struct SectionRulebook {
    /// Seats accepted so far.
    private(set) var seats = 0
    private var names: Set<String> = []
    private var count = 0

    /// The sections of one ticket type with reserved seating.
    mutating func sections(
        _ forms: [EventForm.Section]?, _ path: String, _ reader: inout FormReader
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
        return forms.enumerated().map { index, form in section(form, "\(path)[\(index)]", &reader) }
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
