"""The words that passwords are made of first when somebody guesses: habits of Indonesia and of everywhere.

A password is refused when it is one of them, or one of them with little more (see `rules`).
"""

from __future__ import annotations

EVERYWHERE = """
password passw0rd pass1234 passphrase secret private letmein welcome admin administrator root master login
access default changeme change guest user username account test tester testing demo sample example system
server manager security computer internet network windows android google facebook instagram whatsapp youtube
twitter telegram samsung xiaomi oppo vivo realme iphone apple microsoft yahoo gmail hotmail outlook hello
helloworld iloveyou loveyou love lovely forever friend friends family baby angel princess queen king prince
sunshine sunflower flower rainbow butterfly summer winter spring autumn monday tuesday wednesday thursday
friday saturday sunday january february march april june july august september october november december
football baseball basketball soccer hockey tennis superman batman spiderman starwars pokemon naruto doraemon
dragon monkey tiger lion eagle shadow ninja hunter killer freedom trustno1 whatever nothing blink182 matrix
michael jordan jennifer jessica michelle charlie daniel thomas robert andrew joshua anthony nicole ashley
liverpool arsenal chelsea barcelona realmadrid manchester juventus milan ronaldo messi beckham chocolate
cookie cheese coffee banana orange purple silver golden diamond lucky money success winner power magic music
asdfgh asdf1234 asdfghjkl qwerty qwerty123 qwertyuiop qazwsx qazwsxedc 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
zaq12wsx q1w2e3r4 abc123 abcd1234 abcdef a1b2c3d4 aa123456 a123456789 123abc 123qwe 123qweasd 112233 123123
121212 123321 654321 987654321 11223344 12341234 19451945 20202020 147258369 159357 147852369 789456123
741852963 102030 10203040 13579 246810 31415926 27182818
"""

INDONESIA = """
sandi katasandi sandiku rahasia rahasiaku kunci kuncirahasia masuk daftar akun akunku pengguna petugas
mitrastatistik statistik statistika badanpusatstatistik sensus sensuspenduduk sensusekonomi sensuspertanian
survei sakernas susenas regsosek podes pendata pencacah pengawas pemeriksa pendataan rekrutmen seleksi
indonesia indonesiaku indonesiaraya merdeka garuda pancasila bhinneka nusantara proklamasi jakarta bandung
surabaya semarang yogyakarta jogja jogjakarta surakarta malang madiun magelang kudus demak pati rembang blora
karimunjawa bangsri keling mlonggo tahunan kedung pecangaan welahan mayong nalumsari kembang donorojo
ngawi ponorogo pacitan kediri blitar sarangan maospati plaosan jawatengah jawatimur jawabarat jawa bali
sumatera kalimantan sulawesi papua lombok medan palembang makassar denpasar bogor depok bekasi tangerang
kartini rakartini diponegoro soekarno sukarno hatta jokowi prabowo gajahmada majapahit borobudur prambanan
merapi bengawansolo lawu muria
sayang sayangku sayangkamu sayangmama cinta cintaku cintakamu cintaibu akucintakamu akusayangkamu kangen
rindu kasih kekasih manis cantik ganteng imut lucu bunga mawar melati anggrek kenanga kamboja matahari
bintang bulan bulanbintang langit pelangi hujan samudra lautan pantai gunung sungai
bismillah bismilah alhamdulillah alhamdulilah subhanallah masyaallah insyaallah allahuakbar assalamualaikum
allah muhammad ramadhan lebaran syukur berkah barokah sholat sholawat hidayah amanah ikhlas sabar istiqomah
yesus tuhan tuhanyesus tuhanmemberkati haleluya
bapak ibuku ayah ayahku mama mamaku papa papaku bunda bundaku keluarga keluargaku anakku istriku suamiku
saudara sahabat temanku kakak adik
rajawali harimau macan singa gajah kucing kucingku kelinci kambing ayamgoreng nasigoreng bakso rendang
sate mieayam pecel pecellele gudeg lumpia tempe kopi kopihitam
persija persib persebaya persibbandung aremania arema bonek viking timnas persijap sepakbola bulutangkis
juara semangat sukses selamat bahagia sehat selalu pasti pastibisa bisa sejahtera makmur sentosa jaya
terimakasih makasih santai gratis pulsa kuota uang rezeki kaya kerja kerjakeras belajar sekolah kuliah
mahasiswa sarjana guru dosen dokter polisi tentara petani nelayan pedagang
satu dua tiga empat lima enam tujuh delapan sembilan sepuluh satuduatiga satudua
senin selasa rabu kamis jumat sabtu minggu januari februari maret mei juni juli agustus oktober nopember
desember tujuhbelas agustusan
agus budi siti dewi sri wahyu putri putra rizki rizky andi ahmad muhamad nur ayu indah ratna lestari
wulandari rahmawati setiawan pratama saputra nugroho santoso susanto kurniawan hidayat ramadhani fitri
fitriani yuliana yulianti bagus dimas aditya galih bayu eko dwi tri joko bambang slamet
"""

COMMONEST = frozenset((EVERYWHERE + INDONESIA).split())
"""In small letters."""
