import Contracts

/// Decides about the ticket types of an event: each alone, then what must hold between them.
struct TicketTypeRulebook: Sendable {
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
        var sections = SectionRulebook()
        let types = forms.enumerated().map { index, form in
            ticketType(form, "ticketTypes[\(index)]", in: currency, &sections, &reader)
        }
        refuseRepeatedNames(types, &reader)
        if sections.seats > EventLimits.seatsMax {
            reader.refuse("ticketTypes", "must not have more than \(EventLimits.seatsMax) seats in all")
        }
        return types
    }

    /// The one currency that the event is sold in: carts, orders and refunds add prices up.
    private func currency(_ forms: [EventForm.TicketType], _ reader: inout FormReader) -> Currency {
        var common: Currency?
        for (index, form) in forms.enumerated() {
            let field = "ticketTypes[\(index)].currency"
            guard let currency = Currency(code: form.currency ?? Currency.usd.code) else {
                reader.refuse(field, "is not a currency that can be sold in")
                continue
            }
            if let common, common != currency {
                reader.refuse(field, "must be the same for all ticket types of the event")
            }
            common = common ?? currency
        }
        return common ?? .usd
    }

    private func ticketType(
        _ form: EventForm.TicketType, _ path: String, in currency: Currency, _ sections: inout SectionRulebook,
        _ reader: inout FormReader
    ) -> EventDraft.TicketTypeDraft {
        let name = reader.text(form.name, "\(path).name", max: EventLimits.typeNameCharacters)
        let description = reader.optionalText(
            form.description, "\(path).description", max: EventLimits.typeDescriptionCharacters)
        let price = price(form.price, "\(path).price", in: currency, &reader)
        let asked: Seating? = reader.choice(form.seating, "\(path).seating")
        let hasSections = form.sections?.isEmpty == false
        let seating = asked ?? (hasSections ? .reserved : .general)
        var capacity = EventLimits.generalCapacity.lowerBound
        var blocks: [SeatSection] = []
        switch seating {
        case .general:
            if hasSections { reader.refuse("\(path).sections", "belongs to reserved seating only") }
            capacity = reader.number(
                form.capacity, "\(path).capacity", in: EventLimits.generalCapacity, default: nil)
        case .reserved:
            blocks = sections.sections(form.sections, "\(path).sections", &reader)
            capacity = blocks.reduce(0) { $0 + $1.rows * $1.seatsPerRow }
        }
        let saleStartsAt = reader.optionalTime(form.saleStartsAt, "\(path).saleStartsAt")
        let saleEndsAt = reader.optionalTime(form.saleEndsAt, "\(path).saleEndsAt")
        if let saleStartsAt, let saleEndsAt, saleEndsAt <= saleStartsAt {
            reader.refuse("\(path).saleEndsAt", "must be after saleStartsAt")
        }
        return EventDraft.TicketTypeDraft(
            name: name, description: description, price: price, seating: seating, capacity: capacity,
            saleStartsAt: saleStartsAt, saleEndsAt: saleEndsAt, sections: blocks)
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
