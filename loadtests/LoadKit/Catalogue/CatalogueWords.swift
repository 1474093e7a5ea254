/// The words that titles and descriptions are made of.
enum CatalogueWords {
    static let adjectives = list(
        """
        Amber Ancient Broken Burning Crimson Crooked Distant Drifting Electric Endless Fading Feral Frozen Gentle Gilded \
        Golden Hollow Honest Hungry Iron Jealous Kind Last Little Lonely Lost Lucky Midnight Minor Neon Northern Paper \
        Patient Quiet Restless Royal Rusty Sacred Scarlet Secret Silent Silver Sleepless Slow Small Solar Stolen Strange \
        Sudden Tender Velvet Wandering Wicked Wild Winter Wooden Young
        """)

    static let nouns = list(
        """
        Anchor Arrow Ashtray Autumn Beacon Bicycle Border Bridge Canyon Carnival Cathedral Chandelier Cloud Comet Compass \
        Crow Curtain Diamond Engine Falcon Fever Fountain Fox Garden Ghost Harbour Harvest Horizon Horse Island Jukebox \
        Kingdom Ladder Lantern Library Lighthouse Machine Magnet Meadow Mirror Monsoon Mountain Needle Ocean Orchard Owl \
        Palm Parade Pilot Pine Planet Postcard Prairie Radio Raven Ribbon River Rocket Saint Satellite Shadow Sparrow \
        Station Stranger Sunday Telescope Thunder Tiger Train Umbrella Valley Violet Volcano Wave Widow Window Wolf
        """)

    static let syllables = list(
        """
        an ba be ca da del dru el en fal fe ga hal i ja ka ke kor la lé li lo lu ma mi mo na né nor o os pe pi qui ra ren \
        ri ro sa se shi so ta tar te ti tor u va ve vo vos wa xa yo yu za ze zi ø ú
        """)

    static let works = [
        "Aida", "Antigone", "Carmen", "Coppélia", "Così fan tutte", "Cyrano de Bergerac", "Der Ring des Nibelungen",
        "Die Zauberflöte", "Don Quijote", "Eine kleine Nachtmusik", "Faust", "Giselle", "Hamlet", "Jenůfa",
        "King Lear", "La Bohème", "La Traviata", "Le Sacre du printemps", "Macbeth", "Madama Butterfly", "Peer Gynt",
        "Romeo and Juliet", "Rusalka", "Swan Lake", "Tartuffe", "The Cherry Orchard", "The Nutcracker",
        "The Seagull", "Tosca", "Twelfth Night", "Uncle Vanya", "Werther",
    ]

    static let openings = [
        "* return with songs from a new album", "* play two long sets", "A rare evening with *",
        "* celebrate twenty years on stage", "The only show of * this year", "* and guests, unplugged",
        "After three sold-out seasons * are back", "* bring their new programme",
    ]

    static let middles = [
        "loud, tender and often both", "with strings and a small choir", "for the first time in this hall",
        "recorded for the radio", "with songs nobody has heard before", "in a staging that fills the whole room",
        "followed by a conversation with the audience", "with a light show made for the night",
    ]

    static let closings = [
        "Doors open an hour before.", "No support act.", "Latecomers are seated between two pieces.",
        "Under sixteen only with a grown-up.", "There is one interval.", "The bar stays open afterwards.",
        "Wheelchair places are in the first row.", "Bags larger than a sheet of paper stay outside.",
    ]

    private static func list(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
