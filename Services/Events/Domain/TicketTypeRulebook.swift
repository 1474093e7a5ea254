import Contracts

/// Decides about the ticket types of an event: each alone, then what must hold between them.
struct TicketTypeRulebook: Sendable {
    /// The types that the event has so far, and their seats.
    let existing: [TicketType]
    let plan: SeatPlan

    func ticketTypes(_ forms: [EventForm.TicketType]?, _ reader: inout FormReader) -> [EventDraft.TicketTypeDraft] {
        guard let forms else {
            reader.refuse("ticketTypes", "is required")
            return []
        }
        guard EventLimits.ticketTypes.contains(forms.count) else {
            let range = EventLimits.ticketTypes
            reader.refuse("ticketTypes", "must have \(range.lowerBound) to \(range.upperBound) entries")
            return []
        }
        let currency = currency(forms, &reader)
        let replaced = replaced(forms, &reader)
        var sections = SectionRulebook(plan)
        for (form, old) in zip(forms, replaced) where form.sections == nil {
            sections.keep(old.flatMap { plan[$0.id] } ?? [])
        }
        let types = zip(forms, replaced).enumerated().map { index, pair in
            let path = "ticketTypes[\(index)]"
            return ticketType(pair.0, replacing: pair.1, path, in: currency, &sections, &reader)
        }
        refuseRepeatedNames(types, &reader)
        if sections.seats > EventLimits.seatsMax {
            reader.refuse("ticketTypes", "must not have more than \(EventLimits.seatsMax) seats in all")
        }
        return types
    }

    /// The one currency that the event is sold in: carts, orders and refunds add prices up.
    private func currency(_ forms: [EventForm.TicketType], _ reader: inout FormReader) -> Currency {
        let settled = existing.first?.price.currency
        var common = settled
        for (index, form) in forms.enumerated() {
            let field = "ticketTypes[\(index)].currency"
            guard let currency = Currency(code: form.currency ?? (settled ?? .usd).code) else {
                reader.refuse(field, "is not a currency that can be sold in")
                continue
            }
            if let settled, currency != settled {
                reader.refuse(field, "cannot be changed any more")
            } else if let common, common != currency {
                reader.refuse(field, "must be the same for all ticket types of the event")
            }
            common = common ?? currency
        }
        return common ?? .usd
    }

    /// Which existing type each form stands for: by id, else by name.
    private func replaced(_ forms: [EventForm.TicketType], _ reader: inout FormReader) -> [TicketType?] {
        var left = Dictionary(uniqueKeysWithValues: existing.map { ($0.id, $0) })
        var found: [TicketType?] = forms.enumerated().map { index, form in
            guard let id = form.id?.lowercased() else { return nil }
            guard let type = left.removeValue(forKey: id) else {
                reader.refuse("ticketTypes[\(index)].id", "must be a ticket type of the event, named once")
                return nil
            }
            return type
        }
        for (index, form) in forms.enumerated() where form.id == nil {
            let name = (form.name ?? "").trimmed.lowercased()
            guard let type = left.values.first(where: { $0.name.lowercased() == name }) else { continue }
            found[index] = left.removeValue(forKey: type.id)
        }
        return found
    }

    private func ticketType(
        _ form: EventForm.TicketType, replacing old: TicketType?, _ path: String, in currency: Currency,
        _ sections: inout SectionRulebook, _ reader: inout FormReader
    ) -> EventDraft.TicketTypeDraft {
        let name = reader.text(form.name, "\(path).name", max: EventLimits.typeNameCharacters)
        let description = reader.optionalText(
            form.description, "\(path).description", max: EventLimits.typeDescriptionCharacters)
        let price = price(form.price, "\(path).price", in: currency, &reader)
        let seating = seating(form, replacing: old, path, &reader)
        let (capacity, blocks) = places(form, seating, replacing: old, path, &sections, &reader)
        let saleStartsAt = reader.optionalTime(form.saleStartsAt, "\(path).saleStartsAt")
        let saleEndsAt = reader.optionalTime(form.saleEndsAt, "\(path).saleEndsAt")
        if let saleStartsAt, let saleEndsAt, saleEndsAt <= saleStartsAt {
            reader.refuse("\(path).saleEndsAt", "must be after saleStartsAt")
        }
        return EventDraft.TicketTypeDraft(
            id: old?.id, name: name, description: description, price: price, seating: seating, capacity: capacity,
            saleStartsAt: saleStartsAt, saleEndsAt: saleEndsAt, isActive: form.isActive ?? true, sections: blocks)
    }

    private func seating(
        _ form: EventForm.TicketType, replacing old: TicketType?, _ path: String, _ reader: inout FormReader
    ) -> Seating {
        let asked: Seating? = reader.choice(form.seating, "\(path).seating")
        if let old, let asked, asked != old.seating { reader.refuse("\(path).seating", "cannot be changed any more") }
        return old?.seating ?? asked ?? (form.sections?.isEmpty == false ? .reserved : .general)
    }

    /// How many places the type has, and in which blocks of seats.
    private func places(
        _ form: EventForm.TicketType, _ seating: Seating, replacing old: TicketType?, _ path: String,
        _ sections: inout SectionRulebook, _ reader: inout FormReader
    ) -> (capacity: Int, sections: [SeatSection]) {
        switch seating {
        case .general:
            if form.sections?.isEmpty == false {
                reader.refuse("\(path).sections", "belongs to reserved seating only")
            }
            let capacity = reader.number(
                form.capacity, "\(path).capacity", in: EventLimits.generalCapacity, default: nil)
            return (capacity, [])
        case .reserved:
            let own = (old.flatMap { plan[$0.id] } ?? []).map(SeatSection.init)
            guard let old, form.sections == nil else {
                let blocks = sections.sections(form.sections, existing: own, "\(path).sections", &reader)
                return (blocks.reduce(0) { $0 + $1.rows * $1.seatsPerRow }, blocks)
            }
            if let capacity = form.capacity, capacity != old.capacity {
                reader.refuse("\(path).capacity", "is the number of seats; change the sections instead")
            }
            return (old.capacity, own)
        }
    }

    private func price(
        _ amount: DecimalAmount?, _ field: String, in currency: Currency, _ reader: inout FormReader
    ) -> Money {
        var minorUnits: Int64 = 0
        if let amount {
            if let exact = amount.minorUnits(of: currency) {
                minorUnits = exact
                if exact < 0 { reader.refuse(field, "must not be negative") }
            } else {
                reader.refuse(field, "must be an amount with at most \(currency.decimals) decimals (\(currency))")
            }
        } else {
            reader.refuse(field, "is required")
        }
        return Money(minorUnits: minorUnits, currency: currency)
    }

    private func refuseRepeatedNames(_ types: [EventDraft.TicketTypeDraft], _ reader: inout FormReader) {
        var seen: Set<String> = []
        for (index, type) in types.enumerated() where !type.name.isEmpty {
            if !seen.insert(type.name.lowercased()).inserted {
                reader.refuse("ticketTypes[\(index)].name", "must be unique within the event")
            }
        }
    }
}

extension SeatSection {
    /// The section as organizers name it.
    init(_ section: EventRules.Section) {
        self.init(name: section.name, rows: section.rows, seatsPerRow: section.seatsPerRow)
    }
}
