/// The passwords of eight characters and more that are tried first: from lists of leaked ones, and this product's own.
enum CommonPasswords {
    /// Whether `password` is one of them, in any case.
    static func contain(_ password: String) -> Bool { list.contains(password.lowercased()) }

    private static let list = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let text = #"""
        !qaz2wsx 00000000 000000000 0000000000 01010101 01020304 01234567 012345678 0123456789 10101010 11111111
        111111111 1111111111 11112222 1111aaaa 11223344 1122334455 112233445566 12121212 123123123 123321123
        12341234 12344321 123454321 1234554321 12345678 123456788 123456789 1234567890 12345678910 123456789a
        12345678a 12345679 1234567a 123456aa 123456abc 123456qwerty 12345abc 12345qwert 1234qwer 123654789 123789456
        123qwe123 123qweasd 123qweasdzxc 13131313 14141414 147258369 147852369 159357456 159753123 19841984 19871987
        19881988 19901990 19911991 19921992 1q2w3e4r 1q2w3e4r! 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc
        1qazxsw2 20002000 20102010 20202020 20202021 21212121 22222222 2wsx3edc 33333333 44444444 456789123 55555555
        66666666 69696969 741852963 77777777 789456123 87654321 88888888 888888888 963852741 98765432 987654321
        9876543210 99999999 999999999 a1234567 a12345678 a123456789 a1b2c3d4 a1b2c3d4e5 aa123456 aa12345678 aaaaaaaa
        aaaaaaaa1 abc12345 abc123456 abcabc123 abcd1234 abcd12345 abcdefg1 abcdefg123 abcdefgh abcdefghi admin123
        admin1234 admin12345 admin123456 admin2020 admin@123 adminadmin administrador administrator administrator1
        alexander alexander1 amanda123 amazon123 america1 andrew123 android1 angel123 anthony1 arsenal1 asdf1234
        asdfasdf asdfghjk asdfghjkl asdfghjkl1 asdfqwer ashley123 asshole1 autumn2023 autumn2024 babyboy1 babygirl
        babygirl1 bailey123 barcelona barcelona1 bartman1 baseball baseball1 basketball basketball1 batman123
        bbbbbbbb benjamin biteme123 blackberry blackcat1 blessed1 blueberry bluesky1 bobmarley bullshit bullshit1
        buster123 butterfly butterfly1 callofduty changeme changeme1 changeme123 charlie1 charlie123 chelsea1
        chelsea123 chocolate chocolate1 christian christian1 christopher cinnamon computer computer1 concert1
        concert123 cookie123 corvette counterstrike cowboys1 crystal1 daniel123 danielle danielle1 database december
        december1 default1 default123 demo1234 demo12345 diamond1 dolphin1 dragon12 dragon123 elephant elizabeth
        elizabeth1 eminem123 england1 facebook facebook1 february ferrari1 football football! football1 fortnite
        fortnite1 freedom1 friday13 frodo123 fuckoff1 fuckyou! fuckyou1 fuckyou123 fuckyou2 gandalf1 garfield
        garfield1 ginger123 godisgood golden123 goodbye1 goodluck google123 greenapple greenday gryffindor guest123
        guestguest halo1234 hannah123 harley123 harrypotter heaven123 hello123 hello1234 hellohello hellokitty
        helloworld helloworld1 hockey123 hogwarts holdfast holdfast1 holdfast123 hunter12 hunter123 ilovegod
        ilovejesus iloveme1 iloveyou iloveyou! iloveyou1 iloveyou12 iloveyou123 iloveyou2 instagram internet
        internet1 internet123 iphone123 ironman1 january1 jennifer jennifer1 jessica1 jesus123 jesuschrist jonathan
        jonathan1 jordan123 jordan23 joshua123 juventus1 killer123 lakers24 leagueoflegends letmein! letmein1
        letmein123 letmeinnow liberty1 linkedin liverpool liverpool1 lovelove loveyou1 maggie123 manchester
        manunited master12 master123 masterkey matthew1 mercedes mercedes1 merlin123 metallica metallica1 michael1
        michael2 michelle michelle1 mickey123 mickeymouse microsoft midnight midnight1 minecraft minecraft1
        monday123 monkey12 monkey123 moonlight motorola mustang1 mustang69 mypassword mypassword1 mysecret netflix1
        newpassword nicholas nicole123 nintendo nintendo1 nirvana1 november orange123 p@ssw0rd p@ssw0rd1 p@ssword
        pa$$word pa55word packers1 passw0rd passw0rd! passw0rd1 password password! password01 password1 password1!
        password11 password12 password123 password1234 password2 password3 password99 passwort passwort1 patricia
        peanut123 pepper123 playstation playstation1 pokemon1 pokemon123 poohbear poohbear1 porsche1 princess
        princess1 princess2 purple123 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123 qazwsxedc qazwsxedc1 qwe123qwe
        qweasd123 qweasdzxc qweqweqwe qwerty00 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty789
        qwertyqwerty qwertyui qwertyuiop qwertyuiop1 rainbow1 rainbow123 ranger123 rangers1 realmadrid redsox04
        robert123 root1234 rootroot samantha samantha1 samsung1 samsung123 scoobydoo scooter1 secret123 secret1234
        september september1 shadow12 shadow123 silver123 simpsons slipknot slipknot1 snapchat snoopy123 snowball
        snowflake soccer12 soccer123 sophie123 southpark spiderman spiderman1 spring2023 spring2024 starlight
        startrek starwars starwars1 steelers steelers1 stephanie stephanie1 strawberry summer12 summer123 summer2020
        summer2021 summer2022 summer2023 summer2024 sunflower sunflower1 sunshine sunshine! sunshine1 superman
        superman1 superuser sweetheart sweetie1 teddybear test1234 test12345 test123456 tester123 testing1
        testing123 testtest thepassword thomas123 ticket123 tickets1 tickets123 tigger123 toor1234 topsecret
        trustno1 trustnoone twitter1 unicorn1 user1234 username username1 veronica victoria victoria1 warcraft
        welcome! welcome01 welcome1 welcome1! welcome12 welcome123 welcome2 whatever whatever1 whitecat william1
        windows1 windows10 winter123 winter2020 winter2021 winter2022 winter2023 winter2024 worldofwarcraft xbox360x
        xxxxxxxx yamaha123 yankees1 yellow123 youtube1 zaq12wsx zaq1xsw2 zaq1zaq1 zeppelin zxcvbnm, zxcvbnm1
        zxcvbnm123 zxcvbnmz zzzzzzzz
        """#
}
