import Contracts

/// Decides whether an event may be as it was asked for.
struct EventRulebook: Sendable {
    let now: Timestamp

    /// The event to make.
    ///
    /// - Throws: every field at fault at once.
    func draft(from form: EventForm) throws(InvalidEvent) -> EventDraft {
        var reader = FormReader()
        let details = details(form, replacing: nil, &reader)
        let types = TicketTypeRulebook(existing: [], plan: [:]).ticketTypes(form.ticketTypes, &reader)
        checkTexts(details, types, &reader)
        let status: EventStatus? = reader.choice(form.status, "status", among: [.draft, .active])
        guard reader.errors.isEmpty, let details else { throw InvalidEvent(errors: reader.errors) }
        return EventDraft(details: details, isDraft: status == .draft, ticketTypes: types)
    }

    /// What replaces `event` and its seats; what is left out of the form is empty or has its default, as in a new one.
    ///
    /// - Throws: every field at fault at once.
    func draft(from form: EventForm, replacing event: Event, _ plan: SeatPlan) throws(InvalidEvent) -> EventDraft {
        var reader = FormReader()
        let details = details(form, replacing: event.details, &reader)
        let types = TicketTypeRulebook(existing: event.ticketTypes, plan: plan).ticketTypes(form.ticketTypes, &reader)
        checkTexts(details, types, &reader)
        guard reader.errors.isEmpty, let details else { throw InvalidEvent(errors: reader.errors) }
        return EventDraft(details: details, isDraft: event.storedStatus == .draft, ticketTypes: types)
    }

    private func details(
        _ form: EventForm, replacing old: EventDetails?, _ reader: inout FormReader
    ) -> EventDetails? {
        let title = reader.text(form.title, "title", max: EventLimits.titleCharacters)
        let eventDate = reader.time(form.eventDate, "eventDate")
        let venue = reader.text(form.venue, "venue", max: EventLimits.venueCharacters)
        let description = reader.optionalText(
            form.description, "description", max: EventLimits.descriptionCharacters)
        let artist = reader.optionalText(form.artist, "artist", max: EventLimits.artistCharacters)
        let address = reader.optionalText(form.venueAddress, "venueAddress", max: EventLimits.addressCharacters)
        let city = reader.optionalText(form.city, "city", max: EventLimits.cityCharacters)
        let category = reader.optionalText(form.category, "category", max: EventLimits.categoryCharacters)
        let endDate = reader.optionalTime(form.endDate, "endDate")
        let reserveOn: ReservePolicy? = reader.choice(form.reserveOn, "reserveOn")
        let maxPerOrder = reader.number(
            form.maxPerOrder, "maxPerOrder", in: EventLimits.maxPerOrder, default: EventLimits.maxPerOrderDefault)
        guard let eventDate else { return nil }
        // One that is past stays as it was; it is only not set anew.
        if eventDate <= now, eventDate != old?.eventDate { reader.refuse("eventDate", "must be in the future") }
        if let endDate, endDate <= eventDate { reader.refuse("endDate", "must be after eventDate") }
        return EventDetails(
            title: title, description: description, artist: artist, venue: venue, venueAddress: address, city: city,
            category: category, eventDate: eventDate, endDate: endDate, reserveOn: reserveOn ?? .checkout,
            maxPerOrder: maxPerOrder)
    }

    /// What is too much is too much of the ticket types: the other texts are short even in the longest letters.
    private func checkTexts(
        _ details: EventDetails?, _ types: [EventDraft.TicketTypeDraft], _ reader: inout FormReader
    ) {
        let bytes = types.reduce(details?.textBytes ?? 0) { $0 + $1.textBytes }
        guard bytes > EventLimits.textBytesMax else { return }
        reader.refuse(
            "ticketTypes",
            "must not bring the texts of the event above \(EventLimits.textBytesMax) bytes of UTF-8 in all")
    }
}
