"""A tiny LEA that is as it should be, as the files of a roster folder and of a OneRoster export."""

TINY = {
    "lea": b"lea_code,name,school_year\n1,Tiny,2027\n",
    "schools": b"school_id,school_number,name,cds_code\n1,1,One,99000000000001\n",
    "terms": b"school_id,term_code,start_date,end_date\n1,Y,2026-08-01,2027-06-30\n",
    "courses": b"course_id,title\nA,Art\n",
    "staff": b"staff_id,last_name,email\n7,Oak,oak@tiny.example\n",
    "sections": b"school_id,section_number,course_id,period,term_code\n1,1,A,1,Y\n",
    "section_staff": b"school_id,section_number,staff_id,teacher_number\n1,1,7,\n",
    "students": b"student_id,ssid\n5,1234567890\n",
    "enrollments": b"student_id,school_id,grade\n5,1,05\n",
    "rosters": b"school_id,section_number,student_id\n1,1,5\n",
}
TINY_ONEROSTER = {
    "manifest": b"propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk\n"
    b"file.academicSessions,bulk\nfile.classes,bulk\nfile.courses,bulk\nfile.enrollments,bulk\n",
    "orgs": b"sourcedId,name,type,identifier,parentSourcedId\nd,Tiny,district,1,\ns,One,school,99000000000001,d\n",
    "academicSessions": b"sourcedId,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
    b"y,Year,schoolYear,2026-08-01,2027-07-01,,2027\n",
    "courses": b"sourcedId,title,orgSourcedId\nc,Art,s\n",
    "classes": b"sourcedId,title,classType,courseSourcedId,schoolSourcedId,termSourcedIds,periods\n"
    b"k,Art,scheduled,c,s,y,1\n",
    "users": b"sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,identifier,grades\n"
    b"t,true,s,teacher,t,Ada,Oak,oak@tiny.example,1234567891,\nu,true,s,student,u,Uma,Fir,,1234567890,05\n",
    "enrollments": b"sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary\n1,k,s,t,teacher,true\n"
    b"2,k,s,u,student,false\n",
}
