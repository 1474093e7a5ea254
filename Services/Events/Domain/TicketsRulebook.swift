import Contracts

/// Decides whether tickets may be added to an event as it was asked for.
struct TicketsRulebook: Sendable {
    let event: Event
    let plan: SeatPlan

    private struct Addition {
        /// The ticket type as it becomes.
        let type: TicketType
        let sections: [SeatSection]
        /// How many tickets that makes.
        let made: Int
    }

    private func addition(from form: TicketsForm) throws(InvalidEvent) -> Addition {
        var reader = FormReader()
        guard var type = event.ticketTypes.first(where: { $0.id == form.ticketTypeId?.lowercased() }) else {
            let message = form.ticketTypeId == nil ? "is required" : "must be a ticket type of the event"
            throw InvalidEvent(errors: [FieldError("ticketTypeId", message)])
        }
        let sections: [SeatSection]
        let made: Int
        switch type.seating {
        case .general:
            if form.sections != nil { reader.refuse("sections", "belongs to reserved seating only") }
            sections = []
            made = reader.number(form.quantity, "quantity", in: EventLimits.generalCapacity, default: nil)
            if made > EventLimits.generalCapacity.upperBound - type.capacity {
                reader.refuse("quantity", "must not bring the type above \(EventLimits.generalCapacity.upperBound)")
            }
        case .reserved:
            if form.quantity != nil { reader.refuse("quantity", "belongs to general admission only") }
            var rulebook = SectionRulebook(plan)
            rulebook.keep(Array(plan.values.joined()))
            sections = rulebook.sections(form.sections, existing: [], "sections", &reader)
            made = sections.reduce(0) { $0 + $1.rows * $1.seatsPerRow }
            if rulebook.seats > EventLimits.seatsMax {
                reader.refuse("sections", "must not bring the event above \(EventLimits.seatsMax) seats")
            }
        }
        guard reader.errors.isEmpty else { throw InvalidEvent(errors: reader.errors) }
        type.capacity += made
        return Addition(type: type, sections: sections, made: made)
    }

    /// The event with the tickets that `form` asks for.
    ///
    /// - Throws: every field at fault at once.
    func change(from form: TicketsForm, at now: Timestamp) throws(InvalidEvent) -> StagedChange {
        let addition = try addition(from: form)
        var type = addition.type
        type.updatedAt = now
        var changed = event
        changed.ticketTypes = event.ticketTypes.map { $0.id == type.id ? type : $0 }
        changed.version += 1
        changed.updatedAt = now
        var newPlan = plan
        for section in addition.sections {
            let made = EventRules.Section(
                name: section.name, rows: section.rows, seatsPerRow: section.seatsPerRow,
                firstOrdinal: newPlan.nextOrdinal)
            newPlan[type.id, default: []].append(made)
        }
        return StagedChange(kind: .replace, event: changed, plan: newPlan, created: addition.made)
    }
}
