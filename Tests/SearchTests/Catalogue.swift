import Contracts
import Foundation
import LoadKit

/// A small catalogue with the difficulties of a large one: accents, shared words, near-namesakes.
enum Catalogue {
    static let now = Timestamp(milliseconds: 1_767_225_600_000)

    /// One event a line: id, title, artist, venue, city, category, days from now, price in dollars, description.
    private static let table = """
        coldplay | Music of the Spheres | Coldplay | Wembley Stadium | London | Rock | 40 | 95 | The world tour comes home
        metallica | M72 World Tour | Metallica | Stade de France | Paris | Metal | 30 | 110 | No repeat weekend
        tribute | A Night of Metallica Songs | Damage Inc | The Fleece | Bristol | Metal | 10 | 15 | Tribute to the heroes of thrash
        beyonce | Renaissance | Beyoncé | Stade de France | Paris | Pop | 50 | 150 | House, disco and soul
        motorhead | Ace of Spades Forever | Motörhead | Paradiso | Amsterdam | Metal | 20 | 35 | Celebrating Lemmy
        sigur | Ágætis byrjun | Sigur Rós | Harpa | Reykjavík | Post-Rock | 60 | 70 | Með strengjasveit
        bjork | Cornucopia | Björk | Harpa | Reykjavík | Electronic | 61 | 90 | Digital theatre
        jazz | Blue Note Jazz Night | Various Artists | Ronnie Scott's | London | Jazz | 5 | 25 | Standards until late
        jazzfest | Montreux Jazz Festival | Various Artists | Stravinski Auditorium | Montreux | Jazz | 90 | 60 | Two weeks on the lake
        comedy | Laughing at Jazz Hands | Milton Jones | Soho Theatre | London | Comedy | 6 | 20 | Puns about saxophones
        opera | La Traviata | Giuseppe Verdi | Teatro alla Scala | Milano | Opera | 15 | 120 | Opera in three acts
        carmen | Carmen | Georges Bizet | Opéra Bastille | Paris | Opera | 16 | 80 | Sung in French with surtitles
        philharmonic | New Year's Concert | Wiener Philharmoniker | Musikverein | Wien | Classical | 70 | 300 | Waltzes by Strauss
        queen | The Rhapsody Tour | Queen + Adam Lambert | Wembley Stadium | London | Rock | 41 | 99 | All the hits
        acdc | Power Up | AC/DC | Wembley Stadium | London | Rock | 45 | 120 | Loud
        cheap | Open Mic | Anyone | The Fleece | Bristol | Folk | 3 | 0 | Bring a guitar
        """

    static let events = table.split(separator: "\n").map { line in
        let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return document(
            fields[0], title: fields[1], artist: fields[2], venue: fields[3], city: fields[4], category: fields[5],
            days: Int(fields[6]) ?? 0, dollars: Int64(fields[7]) ?? 0, description: fields[8])
    }

    static func document(
        _ id: String, title: String, artist: String? = nil, venue: String = "Hall", city: String? = nil,
        category: String? = nil, days: Int = 30, dollars: Int64 = 10, description: String? = nil,
        status: EventStatus = .active, version: Int64 = 1, available: Int = 10
    ) -> EventDocument {
        let event = CatalogueEvent(
            title: title, description: description, artist: artist, venue: venue, city: city, category: category,
            beginsAfter: .seconds(days * 86_400),
            ticketTypes: [
                CatalogueEvent.TicketType(
                    name: "Standard", price: Money(minorUnits: dollars * 100, currency: .usd), capacity: 10)
            ])
        return event.document(id: id, from: now, status: status, version: version, sold: 10 - available) { _ in
            "\(id)-type"
        }
    }
}
