/** Names of towns and names of persons that are common in the countries that the packs serve. Public knowledge, no register. */

function words(text: string): readonly string[] {
  return text.split(/\s*[,\n]\s*/u).filter((word) => word !== '');
}

/** The larger towns of Nigeria, Kenya, Britain and the United States, without those that are ordinary words or names. */
export const LISTED_TOWNS: ReadonlySet<string> = new Set(
  words(`
  abuja, lagos, ibadan, kano, kaduna, jos, enugu, ilorin, abeokuta, benin city, owerri, calabar, onitsha, aba, uyo, warri, port harcourt,
  maiduguri, sokoto, zaria, akure, ado-ekiti, oshogbo, osogbo, ile-ife, ilesa, ogbomosho, ijebu-ode, sagamu, lokoja, makurdi, minna, bauchi, gombe,
  yola, jalingo, damaturu, dutse, katsina, birnin kebbi, gusau, asaba, awka, nnewi, umuahia, abakaliki, lafia, keffi, bida, suleja, ikeja, lekki,
  epe, badagry, ikorodu, ondo town, owo, sapele, eket, ikot ekpene, nsukka, okene, gboko, otukpo,
  nairobi, mombasa, kisumu, nakuru, eldoret, thika, nyeri, meru, machakos, kitale, malindi, garissa, kakamega, kericho, naivasha, embu, kisii, bungoma,
  busia, nanyuki, voi, lamu, lodwar, isiolo, kitui, ruiru, kiambu, limuru, athi river, narok, migori, siaya, homa bay, bomet, nyahururu,
  london, manchester, birmingham, leeds, glasgow, sheffield, bristol, edinburgh, leicester, coventry, bradford, cardiff, belfast, nottingham,
  hull, newcastle upon tyne, stoke-on-trent, southampton, plymouth, derby, swansea, wolverhampton, aberdeen, norwich, luton, oxford, cambridge, exeter,
  york, bolton, sunderland, huddersfield, middlesbrough, peterborough, blackpool, ipswich, dundee, croydon, bournemouth, swindon, gloucester, watford,
  rotherham, slough, oldham, cheltenham, colchester, preston, stockport, doncaster, shrewsbury, worcester, lincoln, bath, inverness,
  new york, new york city, los angeles, chicago, houston, phoenix, philadelphia, san antonio, san diego, dallas, san jose, fort worth, columbus,
  charlotte, indianapolis, san francisco, seattle, denver, boston, nashville, detroit, oklahoma city, portland, las vegas, memphis, louisville,
  baltimore, milwaukee, albuquerque, tucson, fresno, sacramento, kansas city, atlanta, omaha, colorado springs, raleigh, miami, oakland,
  minneapolis, tulsa, bakersfield, wichita, arlington, tampa, new orleans, cleveland, honolulu, anaheim, orlando, st louis, pittsburgh, cincinnati,
  newark, durham, buffalo, st paul, stockton, toledo, riverside, spokane, rochester, boise, des moines, tacoma, fresno, akron, knoxville, peoria,
  brooklyn, queens, bronx, manhattan, harlem`),
);

/** Given names and surnames of Kenya. */
export const KENYAN_NAMES: ReadonlySet<string> = new Set(
  words(`
  wanjiku, wanjiru, wambui, wairimu, wangari, waithira, nyambura, njeri, nyokabi, wangui, wanjala, wafula, nekesa, nafula, simiyu, barasa, mwangi, kamau,
  kariuki, njoroge, kimani, gitau, maina, kinyanjui, ndungu, waweru, karanja, macharia, muthoni, mugo, gathoni, githinji, njuguna, mbugua, kiarie, irungu,
  otieno, ochieng, odhiambo, onyango, okoth, owino, omondi, ouma, awuor, achieng, akinyi, atieno, adhiambo, anyango, auma, apiyo, odinga, opiyo, ogola,
  kipchoge, kiprotich, kiplagat, kipkemboi, kiprono, cheruiyot, chebet, chepkoech, jepkosgei, jeptoo, rotich, rono, koech, korir, kirui, langat, sang,
  ruto, bett, kosgei, tanui, kemboi, mutua, musyoka, mutiso, mutinda, kioko, mueni, mwikali, ndunge, nduku, kilonzo, muli, makau, mwende, wambua, kyalo,
  nyaboke, moraa, kerubo, nyanchama, ondieki, omwamba, mogaka, nyakundi, ombati, abdi, hassan, omar, fatuma, halima, amina, juma, mwinyi, mwakio`),
);

/** Given names that are common in Britain and the United States, without those that are ordinary words. */
export const ENGLISH_NAMES: ReadonlySet<string> = new Set(
  words(`
  james, john, robert, michael, william, david, richard, joseph, thomas, charles, christopher, daniel, matthew, anthony, andrew, joshua, kenneth,
  kevin, brian, george, edward, ronald, timothy, jason, jeffrey, ryan, jacob, nicholas, eric, jonathan, stephen, steven, larry, justin, scott, brandon,
  benjamin, samuel, gregory, alexander, patrick, raymond, jerry, dennis, tyler, aaron, jose, adam, nathan, henry, douglas, zachary, peter, kyle, walter,
  ethan, jeremy, harold, keith, christian, roger, noah, gerald, carl, terry, sean, austin, arthur, lawrence, jesse, dylan, bryan, albert, oliver, liam,
  harry, jack, oscar, leo, theo, archie, alfie, hugo, callum, rhys, alistair, nigel, graham, gareth, ian, stuart, simon, martin, philip, trevor, gideon, isaac,
  mary, patricia, jennifer, linda, elizabeth, barbara, susan, jessica, sarah, karen, lisa, nancy, betty, margaret, sandra, ashley, kimberly, emily, donna,
  michelle, carol, amanda, dorothy, melissa, deborah, stephanie, rebecca, sharon, laura, cynthia, kathleen, amy, angela, shirley, anna, brenda, pamela,
  emma, nicole, helen, samantha, katherine, christine, debra, rachel, carolyn, janet, catherine, maria, heather, diane, ruth, julie, olivia, joyce,
  virginia, victoria, kelly, lauren, christina, joan, evelyn, judith, megan, andrea, cheryl, hannah, jacqueline, martha, gloria, teresa, theresa, ann, anne,
  sara, madison, frances, kathryn, janice, jean, alice, abigail, sophia, isabella, charlotte, amelia, mia, siobhan, harriet, imogen, freya, isla, esme,
  poppy, eleanor, fiona, gillian, bronwen, niamh, aoife, esther, priscilla, vivian, moses, elijah, gabriel, carlos, luis, juan, miguel, sofia, lucia`),
);
